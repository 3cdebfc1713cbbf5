namespace Saccade.Inference.Looks;

/// <summary>One round of a request: who looks, how, and how sure is sure enough.</summary>
/// <param name="Members">Positions in the panel.</param>
/// <param name="Crops">The plan.</param>
/// <param name="Sure">How sure the answer must be for this round to be the last, 0 to 1; null if it never is for that.</param>
internal sealed record LookRound(IReadOnlyList<int> Members, CropMode Crops, double? Sure)
{
    /// <summary>The rounds of a request.</summary>
    /// <param name="mode">What it asks for.</param>
    /// <param name="policy">The rounds of <c>auto</c>.</param>
    /// <param name="names">The panel's members.</param>
    public static IReadOnlyList<LookRound> Of(CropMode mode, AutoPolicy policy, IReadOnlyList<string> names)
    {
        int[] all = [.. Enumerable.Range(0, names.Count)];
        if (!mode.IsAuto) return [new(all, mode, Sure: null)];
        return [.. policy.Rounds.Select(round => new LookRound(
            round.Members is null ? all : [.. all.Where(member => round.Members.Contains(names[member]))],
            CropMode.TryParse(round.Crops, out var crops) ? crops : throw new InvalidOperationException($"'{round.Crops}' is no number of crops."),
            round.Sure))];
    }
}
