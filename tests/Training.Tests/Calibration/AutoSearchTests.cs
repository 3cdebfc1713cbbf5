using Saccade.Inference.Bundles;
using Saccade.Training.Calibration;
using Xunit;

namespace Saccade.Training.Tests.Calibration;

/// <summary>The search, on tables whose best way of looking is known.</summary>
public sealed class AutoSearchTests
{
    private const int Pictures = 400;

    private static readonly IReadOnlyList<CropMode> Plans = [CropMode.Single, CropMode.Crops12, CropMode.Crops144];

    /// <summary>One look is right on nine pictures of ten and knows which; twelve are right on all, and 144 too.</summary>
    [Fact]
    public void Search_MoreCropsHelpWhereOneIsUnsure_LooksAgainThereOnly()
    {
        var table = Table([(1, picture => picture % 10 == 0 ? Wrong(0.6f) : Right(0.9f), Right(0.8f), Right(0.8f))]);

        var found = AutoSearch.Search(table, Plans);

        Assert.Equal(1, found.Outcome.Top1);
        Assert.Equal(((9 * 1) + 13) / 10.0, found.Outcome.Looks, 1e-9);
    }

    /// <summary>Each model is wrong, and unsure, where the other is right; asking both costs a twelfth of what twelve more crops
    /// would.</summary>
    [Fact]
    public void Search_AnotherMemberIsCheaperThanMoreCrops_AsksTheMember()
    {
        var table = Table([
            (1, picture => picture % 10 == 0 ? Wrong(0.6f) : Right(0.9f), Right(0.9f), Right(0.9f)),
            (1, picture => picture % 10 == 5 ? Wrong(0.6f) : Right(0.9f), Right(0.9f), Right(0.9f)),
        ]);

        var found = AutoSearch.Search(table, Plans);

        Assert.Equal((1, 1.1), (found.Outcome.Top1, Math.Round(found.Outcome.Looks, 9)));
        Assert.Equal(
            [
                [0, -1],
                [-1, 0],
            ],
            found.Ladder.Rounds.Take(2).Select(round => round.Depths)
        );
    }

    /// <summary>More looks only make it worse: one is enough, whatever the thresholds.</summary>
    [Fact]
    public void Search_MoreCropsHarm_LooksOnce()
    {
        var table = Table([(1, picture => picture % 10 == 0 ? Wrong(0.6f) : Right(0.6f), Wrong(0.9f), Wrong(0.9f))]);

        Assert.Equal((0.9, 1), (AutoSearch.Search(table, Plans).Outcome.Top1, AutoSearch.Search(table, Plans).Outcome.Looks));
    }

    /// <summary>Nothing reaches 144 crops but 144 crops: accuracy goes before compute.</summary>
    [Fact]
    public void Search_OnlyTheLastRoundIsRight_PaysForIt()
    {
        var table = Table([(1, _ => Wrong(0.9f), Wrong(0.9f), Right(0.9f))]);

        var found = AutoSearch.Search(table, Plans);

        Assert.Equal((1, 145), (found.Outcome.Top1, found.Outcome.Looks));
    }

    /// <summary>
    /// Alone the first model is right as often as both together, on other pictures: that many differences balance only by luck, so the
    /// second is asked where the first is unsure.
    /// </summary>
    [Fact]
    public void Search_CheapestIsAsGoodByLuckAlone_IsNotTaken()
    {
        var table = Table([
            (
                1,
                picture =>
                    (picture % 20) switch
                    {
                        0 => Wrong(0.6f),
                        1 => Right(0.6f),
                        _ => Right(0.95f),
                    },
                Right(0.9f),
                Right(0.9f)
            ),
            (
                2,
                picture =>
                    (picture % 20) switch
                    {
                        0 => Right(0.7f),
                        1 => Wrong(0.7f),
                        _ => Right(0.9f),
                    },
                Right(0.9f),
                Right(0.9f)
            ),
        ]);

        var found = AutoSearch.Search(table, [CropMode.Single]);

        Assert.Equal(0.95, FixedPlans.Score(table, CropMode.Single).Top1, 1e-9);
        Assert.Equal(0.95, FixedPlans.Score(table, CropMode.Single, 0).Top1, 1e-9);
        Assert.Equal((0, 1.1), (found.Outcome.Gained + found.Outcome.Lost, Math.Round(found.Outcome.Looks, 9)));
    }

    [Fact]
    public void ToPolicy_Found_IsSoundAndNamesTheMembersOfEachRound()
    {
        var ladder = new Ladder([LadderRound.Of(3, [1], 0), LadderRound.Of(3, [0, 2], 0), LadderRound.Of(3, [0, 1, 2], 1)]);

        var policy = ladder.ToPolicy(ConfidenceRule.Entropy, [0.5, 0.25], ["a", "b", "c"], [CropMode.Single, CropMode.Crops12]);

        Assert.Equal(
            ["1 of b until 0.5", "1 of a, c until 0.25", "12 of all until "],
            policy.Rounds.Select(round =>
                $"{round.Crops} of {(round.Members is null ? "all" : string.Join(", ", round.Members))} until {round.Confidence}"
            )
        );
        Assert.Equal(ladder.Rounds.Select(round => round.Depths), Ladder.Of(policy, ["a", "b", "c"]).Rounds.Select(round => round.Depths));
        Assert.Equal([CropMode.Single, CropMode.Crops12], Ladder.ChainOf(policy, "b"));
    }

    private static float[] Right(float probability) => [probability, 1 - probability];

    private static float[] Wrong(float probability) => [1 - probability, probability];

    /// <summary>Two classes, the first always true; each model says for a picture what it is given for one look, and the same of all for
    /// more.</summary>
    private static LookTable Table((long Macs, Func<int, float[]> One, float[] Twelve, float[] Crops144)[] members)
    {
        TableMember[] who =
        [
            .. members.Select((member, index) => new TableMember($"m{index}", MadeUp.Manifest(member.Macs), Weight: 1, Plans)),
        ];
        return LookTable.Of(
            who,
            [
                .. Enumerable
                    .Range(0, Pictures)
                    .Select(picture => members.Select(member => Summary(member.One(picture), member.Twelve, member.Crops144)).ToArray()),
            ],
            new int[Pictures]
        );
    }

    private static MemberSummary Summary(float[] one, float[] twelve, float[] gross)
    {
        LookSummary[] chain = [Looks(one, 1), Looks(twelve, 13), Looks(gross, 145)];
        return new(
            new Dictionary<CropMode, LookSummary>
            {
                [CropMode.Single] = chain[0],
                [CropMode.Crops12] = Looks(twelve, 12),
                [CropMode.Crops144] = Looks(gross, 144),
            },
            chain
        );
    }

    private static LookSummary Looks(float[] mean, int count) => new(mean, mean, count);
}
