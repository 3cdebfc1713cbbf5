namespace Saccade.TestSupport;

/// <summary>How often each outcome was met.</summary>
public sealed class OutcomeCounts
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>One more.</summary>
    public void Add(string outcome) => _counts[outcome] = _counts.GetValueOrDefault(outcome) + 1;

    /// <summary>What was met.</summary>
    public IReadOnlyCollection<string> Outcomes => _counts.Keys;

    /// <summary>A line.</summary>
    public override string ToString() => string.Join(", ", _counts.Select(static count => $"{count.Key}: {count.Value}"));
}
