using Microsoft.Extensions.Logging;

namespace Saccade.Inference;

/// <summary>Every message the engine logs; event ids stay what they are once released (docs/telemetry.md).</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Loading models from {Path}: {Count} version(s) found")]
    public static partial void LoadingModels(ILogger logger, string path, int count);

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "JPEG is decoded by {Decoder}")]
    public static partial void JpegDecoderChosen(ILogger logger, string decoder);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "The {Format} decoder failed in an unexpected way on an image of {Bytes} bytes; the image is refused")]
    public static partial void DecoderFailed(ILogger logger, string format, int bytes, Exception exception);
}
