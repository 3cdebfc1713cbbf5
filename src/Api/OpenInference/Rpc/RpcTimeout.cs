using System.Globalization;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>The deadline of a call, as its header has it: how long the client will wait.</summary>
internal static class RpcTimeout
{
    public const string Header = "grpc-timeout";

    // The protocol allows eight digits, so the longest is eleven thousand years and no product here overflows.
    private const int MostDigits = 8;

    /// <summary>Reads it.</summary>
    /// <param name="headers">Of the call.</param>
    /// <param name="longest">What is kept of a longer one: clients name hours out of habit, and nothing is held that long.</param>
    /// <returns>Null if there is none, or none that can be read: the protocol's servers pass over it.</returns>
    public static TimeSpan? Of(IHeaderDictionary headers, TimeSpan longest)
    {
        if (
            headers[Header] is not [{ Length: > 1 and <= MostDigits + 1 } text]
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value == 0
            || Ticks(text[^1]) is not { } unit
        )
            return null;

        // Nanoseconds round up to the next tick: a deadline that is not over yet is not said to be.
        var time = TimeSpan.FromTicks(unit == 0 ? (value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick : value * unit);
        return time < longest ? time : longest;
    }

    private static long? Ticks(char unit) =>
        unit switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0,
            _ => null,
        };
}
