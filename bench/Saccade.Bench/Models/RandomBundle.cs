using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;

namespace Saccade.Bench.Models;

/// <summary>A bundle with random weights: as quick or slow as a trained one, and there without training.</summary>
internal static class RandomBundle
{
    private const int Seed = 20140917;
    private const double ShorterSideOfInput = 256.0 / 224;

    // torchvision's, so that peers that serve its networks do the same work.
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    /// <summary>Writes a preset at full width with 1000 classes, exported as training exports: auxiliary classifiers dropped, batch
    /// normalisation folded.</summary>
    /// <param name="architecture">Preset name.</param>
    /// <param name="folder">Made if it is missing.</param>
    public static void Write(string architecture, string folder)
    {
        Write(Architectures.Create(architecture, new NetworkOptions { Aux = false }), folder);
    }

    /// <summary>Writes a network that computes next to nothing, the mean of each channel of 32 × 32 pixels: what is left is the service's
    /// own cost.</summary>
    public static void WriteEmpty(string folder)
    {
        var builder = new NetworkBuilder("empty", pixels: 32);
        Write(builder.Build(WeightInit.He, builder.Append("pool", new GlobalAvgPool(), builder.Input)), folder);
    }

    private static void Write(Network network, string folder)
    {
        var (folded, weights) = BatchNormFolding.Fold(network, Weights(network));
        var model = OnnxWriter.Encode(folded, weights, new Dictionary<string, string>(StringComparer.Ordinal));

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model.ToByteArray());
        File.WriteAllBytes(Path.Combine(folder, ManifestJson.FileName), ManifestJson.Write(Manifest(network)));
    }

    private static ModelManifest Manifest(Network network)
    {
        var input = network.Input.Output;
        var shorterSide = (int)Math.Round(ShorterSideOfInput * input.Height);
        return new ModelManifest
        {
            Architecture = new ManifestArchitecture(network.Name, 1, network.Parameters, network.Macs),
            Input = new ManifestInput(OnnxWriter.InputName, InputType.Float32, InputLayout.Nchw, input.Height, input.Width),
            Output = OnnxWriter.OutputName,
            Preprocessing = new ManifestPreprocessing(shorterSide, shorterSide, Interpolation.Bilinear, ChannelOrder.Rgb, 1, Mean, Std),
            Labels = [.. Enumerable.Range(0, network.Classes).Select(index => $"class {index}")],
        };
    }

    private static Dictionary<string, float[]> Weights(Network network)
    {
        var random = new SplitMix64(Seed);
        var weights = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var weight in network.Weights)
            weights[weight.Name] = Values(weight, ref random);
        return weights;
    }

    private static float[] Values(WeightSpec weight, ref SplitMix64 random)
    {
        var values = new float[weight.Count];
        if (weight.Role is WeightRole.Scale or WeightRole.RunningVariance)
            Array.Fill(values, 1);
        else if (weight.Role == WeightRole.Kernel)
            FillKernel(values, weight.Count / weight.Shape[0], ref random);
        return values;
    }

    // He's variance 2 / fan-in keeps activations of one size through the layers: no overflow, and no denormal numbers, which are slow.
    private static void FillKernel(float[] values, long fanIn, ref SplitMix64 random)
    {
        var limit = Math.Sqrt(6.0 / fanIn);
        foreach (ref var value in values.AsSpan())
            value = (float)random.NextDouble(-limit, limit);
    }
}
