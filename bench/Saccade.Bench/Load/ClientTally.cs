namespace Saccade.Bench.Load;

/// <summary>What one client saw; not shared between threads.</summary>
public sealed class ClientTally
{
    // What any service must do for an answer; the rest of a request's time is what this one adds.
    private static readonly string[] Needed = ["decode", "preprocess", "inference"];

    private readonly List<TimeSpan> _latencies = [];
    private readonly List<TimeSpan> _added = [];
    private readonly Dictionary<string, double> _stages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _refusals = [];

    /// <summary>Requests that ended, whether or not within the measured time.</summary>
    public int Requests { get; private set; }

    /// <summary>One latency for each answer.</summary>
    public IReadOnlyList<TimeSpan> Latencies => _latencies;

    /// <summary>One for each answer: its latency less decode, preprocess and inference. Transport, HTTP, queue and the client
    /// itself.</summary>
    public IReadOnlyList<TimeSpan> Added => _added;

    /// <summary>Sum of the service's own stage times in milliseconds, by stage.</summary>
    public IReadOnlyDictionary<string, double> StageSums => _stages;

    /// <summary>Number of answers that were no labels, by HTTP status.</summary>
    public IReadOnlyDictionary<int, int> Refusals => _refusals;

    /// <summary>Counts a request.</summary>
    public void Ended() => Requests++;

    /// <summary>Counts an answer.</summary>
    public void Answered(TimeSpan latency, IEnumerable<(string Stage, double Milliseconds)> timings)
    {
        _latencies.Add(latency);
        var added = latency;
        foreach (var (stage, milliseconds) in timings)
        {
            _stages[stage] = _stages.GetValueOrDefault(stage) + milliseconds;
            if (Needed.Contains(stage))
                added -= TimeSpan.FromMilliseconds(milliseconds);
        }

        _added.Add(added);
    }

    /// <summary>Counts a refusal.</summary>
    public void Refused(int status) => _refusals[status] = _refusals.GetValueOrDefault(status) + 1;
}
