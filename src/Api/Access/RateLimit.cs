using System.Globalization;

namespace Saccade.Api.Access;

/// <summary>How often somebody may ask.</summary>
/// <param name="PerSecond">Requests a second in the long run.</param>
/// <param name="Burst">Requests that may come at once after a pause, at least 1.</param>
internal sealed record RateLimit(double PerSecond, int Burst)
{
    private const double Slowest = 0.001;
    private const double Fastest = 100_000;
    private const int LargestBurst = 1_000_000;

    /// <summary>The limit that two settings make.</summary>
    /// <param name="perSecond">Null: there is none.</param>
    /// <param name="burst">Null: as many as in a second.</param>
    public static RateLimit? Of(double? perSecond, int? burst) =>
        perSecond is { } rate ? new(rate, burst ?? (int)Math.Max(1, Math.Ceiling(rate))) : null;

    /// <summary>Everything that is wrong with the two settings, one sentence each.</summary>
    public static IEnumerable<string> Mistakes(string perSecondName, double? perSecond, string burstName, int? burst)
    {
        if (perSecond is { } rate && !(rate is >= Slowest and <= Fastest))
            yield return string.Create(CultureInfo.InvariantCulture, $"{perSecondName} must be between {Slowest} and {Fastest}.");
        if (burst is < 1 or > LargestBurst)
            yield return $"{burstName} must be between 1 and {LargestBurst}.";
        if (burst is not null && perSecond is null)
            yield return $"{burstName} has no effect without {perSecondName}.";
    }
}
