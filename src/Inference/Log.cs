using Microsoft.Extensions.Logging;

namespace Saccade.Inference;

/// <summary>Every message the engine logs; event ids stay what they are once released (docs/telemetry.md).</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Loading models from {Path}: {Count} version(s) found")]
    public static partial void LoadingModels(ILogger logger, string path, int count);
}
