using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.WarmUp;

/// <summary>How long the service warms up before it says that it is ready (section <c>WarmUp</c>).</summary>
internal sealed class WarmUpOptions
{
    public const string Section = "WarmUp";

    /// <summary>Longest time for which warm-up requests are repeated, until the runtime has nothing left to compile.</summary>
    /// <value>10 seconds; 0 sends each form of a request once.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(10);
}
