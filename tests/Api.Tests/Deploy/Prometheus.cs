namespace Saccade.Api.Tests.Deploy;

/// <summary>Instruments as Prometheus names them.</summary>
internal static class Prometheus
{
    /// <summary>The name of a gauge.</summary>
    /// <param name="instrument">The instrument's.</param>
    /// <param name="unit">Its unit, where that becomes part of the name.</param>
    public static string NameOf(string instrument, string? unit = null) => instrument.Replace('.', '_') + (unit == "s" ? "_seconds" : "");
}
