namespace Saccade.Inference.Bundles;

/// <summary>One round of crops.</summary>
/// <param name="Crops">The plan, such as <c>1</c>, <c>12</c> or <c>144</c>. Crops of earlier rounds are not computed again.</param>
public sealed record EarlyExitRound(string Crops)
{
    /// <summary>Members of an ensemble that are asked; null means all.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>The confidence at which an answer ends after this round, 0 to 1; null means that it never ends here. In the last one it
    /// only decides whether the answer is called confident.</summary>
    public double? Confidence { get; init; }
}
