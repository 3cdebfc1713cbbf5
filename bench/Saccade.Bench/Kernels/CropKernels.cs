using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Bench.Images;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;

namespace Saccade.Bench.Kernels;

/// <summary>Pixels to input tensors, for a network of 224 × 224.</summary>
[MemoryDiagnoser]
public class CropKernels : IDisposable
{
    private const int Side = 224;

    private readonly ManifestInput _input = new("input", InputType.Float32, InputLayout.Nchw, Side, Side);
    private readonly ManifestPreprocessing _preprocessing = new(
        256,
        256,
        Interpolation.Bilinear,
        ChannelOrder.Rgb,
        1,
        [0.485f, 0.456f, 0.406f],
        [0.229f, 0.224f, 0.225f]
    );

    private readonly float[] _tensor = new float[3 * Side * Side];
    private DecodedImage? _image;
    private PreparedCrops? _crops;

    /// <summary>How many crops.</summary>
    [Params(1, 10, 144)]
    public int Crops { get; set; }

    /// <summary>Decodes the image once.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var decoder = new ImageDecoder(Options.Create(new DecodingOptions()), NullLogger<ImageDecoder>.Instance);
        _image = decoder.Decode(SyntheticPhoto.Jpeg(500, 375)).Image;
        _crops = Resized();
    }

    /// <summary>The antialiased resize of what the plan's crops need.</summary>
    [Benchmark]
    public void Resize() => Resized().Dispose();

    /// <summary>Every crop cut, normalised and written as float NCHW.</summary>
    [Benchmark]
    public void Write()
    {
        for (var crop = 0; crop < _crops!.Count; crop++)
            _crops.WriteCrop(crop, _tensor);
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _crops?.Dispose();
        _image?.Dispose();
        GC.SuppressFinalize(this);
    }

    private PreparedCrops Resized() =>
        new(_image!, CropPlan.Create(CropMode.Of(Crops), _image!, _input, _preprocessing), _input, _preprocessing);
}
