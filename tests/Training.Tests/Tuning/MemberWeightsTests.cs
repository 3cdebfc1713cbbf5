using Saccade.Inference.Bundles;
using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Tuning;

public sealed class MemberWeightsTests
{
    private const int Images = 300;

    [Fact]
    public void Fit_OneKnowsAndOneGuesses_CountsAlmostTheOneAlone()
    {
        var weights = MemberWeights.Fit(Table(_ => 0.9f, _ => 0.5f), CropMode.Single);

        Assert.Equal(2, weights[0], 0.01);
        Assert.InRange(weights[1], 1e-9, 0.01);
    }

    /// <summary>The likelihood's slope is nought where the two parts are equal: one is as often better as the other, by as much.</summary>
    [Fact]
    public void Fit_EachIsBetterOnHalf_CountsThemAlike()
    {
        var weights = MemberWeights.Fit(
            Table(image => image % 2 == 0 ? 0.9f : 0.2f, image => image % 2 == 0 ? 0.2f : 0.9f),
            CropMode.Single
        );

        Assert.Equal([1, 1], weights.Select(weight => Math.Round(weight, 6)));
    }

    [Fact]
    public void Fit_Found_IsLikelierThanItsNeighbours()
    {
        var table = Table(image => image % 3 == 0 ? 0.9f : 0.4f, image => image % 3 == 0 ? 0.1f : 0.6f);

        var weights = MemberWeights.Fit(table, CropMode.Single);

        Assert.InRange(weights[0], 0.1, 1.9);
        foreach (var step in new[] { -0.05, 0.05 })
            Assert.True(Likelihood(table, weights[0] / 2) > Likelihood(table, (weights[0] / 2) + step));
    }

    [Fact]
    public void Fit_NobodyGivesTheTruthAnything_IsStillPositive() =>
        Assert.All(MemberWeights.Fit(Table(_ => 0, _ => 0), CropMode.Single), weight => Assert.True(weight > 0));

    private static double Likelihood(ScoreTable table, double share) =>
        Enumerable.Range(0, table.Count).Sum(image => Math.Log((share * Truth(table, image, 0)) + ((1 - share) * Truth(table, image, 1))));

    private static double Truth(ScoreTable table, int image, int member) => table[image, member].Plans[CropMode.Single].Mean[0];

    /// <summary>Two members, two classes of which the first is always true; what each gives it.</summary>
    private static ScoreTable Table(params Func<int, float>[] truths)
    {
        TableMember[] members =
        [
            .. truths.Select((_, member) => new TableMember($"m{member}", MadeUp.Manifest(macs: 1), Weight: 1, [CropMode.Single])),
        ];
        return ScoreTable.Of(
            members,
            [.. Enumerable.Range(0, Images).Select(image => truths.Select(truth => Summary(truth(image))).ToArray())],
            new int[Images]
        );
    }

    private static MemberSummary Summary(float truth)
    {
        CropSummary crop = new([truth, 1 - truth], [truth, 1 - truth], 1);
        return new(new Dictionary<CropMode, CropSummary> { [CropMode.Single] = crop }, [crop]);
    }
}
