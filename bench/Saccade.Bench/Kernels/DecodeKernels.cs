using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Bench.Images;
using Saccade.Inference.Decoding;

namespace Saccade.Bench.Kernels;

/// <summary>JPEG to pixels.</summary>
[MemoryDiagnoser]
public class DecodeKernels
{
    private ImageDecoder _decoder = null!;
    private byte[] _image = null!;

    /// <summary>What decodes; a machine without libjpeg-turbo fails its rows.</summary>
    [Params(JpegDecoder.LibjpegTurbo, JpegDecoder.ImageSharp)]
    public JpegDecoder Decoder { get; set; }

    /// <summary>Columns of the image.</summary>
    [Params(500, 2560)]
    public int Width { get; set; }

    /// <summary>Makes the image.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _image = SyntheticPhoto.Jpeg(Width, Width * 3 / 4);
        _decoder = new ImageDecoder(Options.Create(new DecodingOptions { JpegDecoder = Decoder }), NullLogger<ImageDecoder>.Instance);
    }

    /// <summary>Every pixel.</summary>
    [Benchmark]
    public void Full() => _decoder.Decode(_image).Image!.Dispose();

    /// <summary>As for a network that wants a shorter side of 256.</summary>
    [Benchmark]
    public void For256() => _decoder.Decode(_image, 512).Image!.Dispose();
}
