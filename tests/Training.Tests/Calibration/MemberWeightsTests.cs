using Saccade.Inference.Bundles;
using Saccade.Training.Calibration;
using Xunit;

namespace Saccade.Training.Tests.Calibration;

public sealed class MemberWeightsTests
{
    private const int Pictures = 300;

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
            Table(picture => picture % 2 == 0 ? 0.9f : 0.2f, picture => picture % 2 == 0 ? 0.2f : 0.9f),
            CropMode.Single
        );

        Assert.Equal([1, 1], weights.Select(weight => Math.Round(weight, 6)));
    }

    [Fact]
    public void Fit_Found_IsLikelierThanItsNeighbours()
    {
        var table = Table(picture => picture % 3 == 0 ? 0.9f : 0.4f, picture => picture % 3 == 0 ? 0.1f : 0.6f);

        var weights = MemberWeights.Fit(table, CropMode.Single);

        Assert.InRange(weights[0], 0.1, 1.9);
        foreach (var step in new[] { -0.05, 0.05 })
            Assert.True(Likelihood(table, weights[0] / 2) > Likelihood(table, (weights[0] / 2) + step));
    }

    [Fact]
    public void Fit_NobodyGivesTheTruthAnything_IsStillPositive() =>
        Assert.All(MemberWeights.Fit(Table(_ => 0, _ => 0), CropMode.Single), weight => Assert.True(weight > 0));

    private static double Likelihood(LookTable table, double share) =>
        Enumerable
            .Range(0, table.Count)
            .Sum(picture => Math.Log((share * Truth(table, picture, 0)) + ((1 - share) * Truth(table, picture, 1))));

    private static double Truth(LookTable table, int picture, int member) => table[picture, member].Plans[CropMode.Single].Mean[0];

    /// <summary>Two members, two classes of which the first is always true; what each gives it.</summary>
    private static LookTable Table(params Func<int, float>[] truths)
    {
        TableMember[] members =
        [
            .. truths.Select((_, member) => new TableMember($"m{member}", MadeUp.Manifest(macs: 1), Weight: 1, [CropMode.Single])),
        ];
        return LookTable.Of(
            members,
            [.. Enumerable.Range(0, Pictures).Select(picture => truths.Select(truth => Summary(truth(picture))).ToArray())],
            new int[Pictures]
        );
    }

    private static MemberSummary Summary(float truth)
    {
        LookSummary look = new([truth, 1 - truth], [truth, 1 - truth], 1);
        return new(new Dictionary<CropMode, LookSummary> { [CropMode.Single] = look }, [look]);
    }
}
