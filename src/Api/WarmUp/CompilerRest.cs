namespace Saccade.Api.WarmUp;

/// <summary>
/// Tells from the number of compiled methods when the runtime has compiled what requests use. A method that was called 30 times is compiled
/// again in the background, the better way, and takes a core from the requests beside it.
/// </summary>
internal sealed class CompilerRest
{
    /// <summary>More than the 30 calls after which a method is compiled again.</summary>
    public const int LeastRounds = 40;

    /// <summary>Rounds in a row in which next to nothing was compiled.</summary>
    public const int QuietRounds = 10;

    /// <summary>The runtime waits for 100 ms without a new method before it compiles again what was called often.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(300);

    // Of several thousand. Timers and metrics have a method compiled now and then.
    private const long Few = 10;

    private long _methods;
    private int _round;
    private TimeSpan _at;

    /// <summary>Looks at the count after a round of requests.</summary>
    /// <param name="round">Rounds sent so far.</param>
    /// <param name="elapsed">Time since the first.</param>
    /// <param name="methods">Methods that were ever compiled.</param>
    /// <returns>Whether <see cref="LeastRounds"/> were sent, the last of them while the compiler was quiet.</returns>
    public bool Reached(int round, TimeSpan elapsed, long methods)
    {
        if (methods - _methods > Few)
            (_methods, _round, _at) = (methods, round, elapsed);
        return round >= LeastRounds && round - _round >= QuietRounds && elapsed - _at >= QuietTime;
    }
}
