using System.Collections.Concurrent;

namespace Saccade.Bench.Soak;

/// <summary>What became of the requests of one kind. Safe for concurrent use.</summary>
/// <param name="name">The kind, for the report.</param>
internal sealed class SoakTally(string name)
{
    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(TimeSpan At, TimeSpan Latency)> _answers = [];

    /// <summary>The kind.</summary>
    public string Name => name;

    /// <summary>How many there were of each outcome: an HTTP status, <c>hung up</c>, or the name of an exception.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    /// <summary>Answers with 200: when they came, from the start of the run, and how long they took.</summary>
    public IReadOnlyCollection<(TimeSpan At, TimeSpan Latency)> Answers => _answers;

    /// <summary>Counts the end of a request.</summary>
    public void Ended(string outcome) => _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);

    /// <summary>Counts an answer with 200.</summary>
    public void Answered(TimeSpan at, TimeSpan latency)
    {
        Ended("200");
        _answers.Enqueue((at, latency));
    }
}
