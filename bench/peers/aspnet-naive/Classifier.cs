using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Saccade.Bench.NaivePeer;

/// <summary>One session, one run for each image, on the thread of the request.</summary>
internal sealed class Classifier : IDisposable
{
    private const int Best = 5;

    private readonly InferenceSession _session;
    private readonly ImageDecoder _decoder;
    private readonly ManifestInput _input;
    private readonly ManifestPreprocessing _preprocessing;

    /// <summary>Loads the network.</summary>
    /// <param name="graph">Path of the ONNX file; its only input is float NCHW.</param>
    /// <param name="side">Rows and columns of the input.</param>
    /// <param name="shorterSide">The image's shorter side before the crop.</param>
    /// <param name="threads">Threads inside a run; 0 leaves it to the runtime.</param>
    /// <param name="decoder">What reads images.</param>
    public Classifier(string graph, int side, int shorterSide, int threads, ImageDecoder decoder)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _session = new InferenceSession(graph, options);
        _decoder = decoder;
        _input = new(_session.InputNames[0], InputType.Float32, InputLayout.Nchw, side, side);
        _preprocessing = new(
            shorterSide,
            shorterSide,
            Interpolation.Bilinear,
            ChannelOrder.Rgb,
            1,
            [0.485f, 0.456f, 0.406f],
            [0.229f, 0.224f, 0.225f]
        );
    }

    /// <summary>The best classes; null for what does not decode.</summary>
    public IReadOnlyList<ScoredIndex>? Classify(byte[] encoded)
    {
        var decoded = _decoder.Decode(encoded, CropPlan.MinShorterSide(CropMode.Single, _input, _preprocessing));
        if (!decoded.Succeeded)
            return null;
        using var image = decoded.Image;
        using var crops = new PreparedCrops(
            image!,
            CropPlan.Create(CropMode.Single, image!, _input, _preprocessing),
            _input,
            _preprocessing
        );
        var tensor = new DenseTensor<float>([1, 3, _input.Height, _input.Width]);
        crops.WriteCrop(0, tensor.Buffer.Span);

        using var outputs = _session.Run([NamedOnnxValue.CreateFromTensor(_input.Name, tensor)]);
        var logits = outputs[0].AsEnumerable<float>().ToArray();
        var largest = logits.Max();
        var powers = logits.Select(logit => Math.Exp(logit - largest)).ToArray();
        var sum = powers.Sum();
        return
        [
            .. powers
                .Select((power, index) => new ScoredIndex(index, power / sum))
                .OrderByDescending(score => score.Probability)
                .Take(Best),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
