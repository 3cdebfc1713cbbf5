using System.Globalization;
using Saccade.Inference;

namespace Saccade.Api.Requests;

/// <summary>The <c>Server-Timing</c> header: the stages of the response body under the same names, in milliseconds.</summary>
internal static class ServerTiming
{
    public const string Header = "Server-Timing";

    /// <summary>All stages, as measured by the engine.</summary>
    public static string Format(StageTimings timings) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"total;dur={Milliseconds(timings.Total)}, decode;dur={Milliseconds(timings.Decode)}, "
                + $"preprocess;dur={Milliseconds(timings.Preprocess)}, queue;dur={Milliseconds(timings.Queue)}, "
                + $"inference;dur={Milliseconds(timings.Inference)}"
        );

    /// <summary>A request that never reached the engine has only its total.</summary>
    public static string Format(TimeSpan total) => string.Create(CultureInfo.InvariantCulture, $"total;dur={Milliseconds(total)}");

    /// <summary>Milliseconds with three decimals: a microsecond is the finest that means anything here.</summary>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
