using Saccade.Inference.Bundles;

namespace Saccade.Inference.Classification;

/// <summary>One round of a request: which members, which crops, and which confidence ends it.</summary>
/// <param name="Members">Positions in the set.</param>
/// <param name="Crops">The plan.</param>
/// <param name="Confidence">The confidence from which on this round is the last, 0 to 1; null if it never is for that.</param>
internal sealed record CropRound(IReadOnlyList<int> Members, CropMode Crops, double? Confidence)
{
    /// <summary>The rounds of a request.</summary>
    /// <param name="mode">What it asks for.</param>
    /// <param name="policy">The rounds of <c>auto</c>.</param>
    /// <param name="names">Names of the members.</param>
    public static IReadOnlyList<CropRound> Of(CropMode mode, EarlyExitPolicy policy, IReadOnlyList<string> names)
    {
        int[] all = [.. Enumerable.Range(0, names.Count)];
        if (!mode.IsAuto)
            return [new(all, mode, Confidence: null)];
        return
        [
            .. policy.Rounds.Select(round => new CropRound(
                round.Members is null ? all : [.. all.Where(member => round.Members.Contains(names[member]))],
                CropMode.TryParse(round.Crops, out var crops)
                    ? crops
                    : throw new InvalidOperationException($"'{round.Crops}' is no number of crops."),
                round.Confidence
            )),
        ];
    }
}
