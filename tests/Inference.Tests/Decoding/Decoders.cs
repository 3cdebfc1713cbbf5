using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>Decoders of both kinds, for theories over them.</summary>
internal static class Decoders
{
    public static ImageDecoder Create(JpegDecoder jpeg = JpegDecoder.Auto, Action<DecodingOptions>? configure = null)
    {
        var options = new DecodingOptions { JpegDecoder = jpeg };
        configure?.Invoke(options);
        return new ImageDecoder(Options.Create(options), NullLogger<ImageDecoder>.Instance);
    }
}
