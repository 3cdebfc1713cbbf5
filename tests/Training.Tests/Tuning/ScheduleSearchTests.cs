using Saccade.Inference.Bundles;
using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Tuning;

/// <summary>The search, on tables whose best schedule is known.</summary>
public sealed class ScheduleSearchTests
{
    private const int Images = 400;

    private static readonly IReadOnlyList<CropMode> Plans = [CropMode.Single, CropMode.Crops12, CropMode.Crops144];

    /// <summary>One crop is right on nine images of ten and knows which; twelve are right on all, and 144 too.</summary>
    [Fact]
    public void Search_MoreCropsHelpWhereOneIsUnsure_AddsCropsThereOnly()
    {
        var table = Table([(1, image => image % 10 == 0 ? Wrong(0.6f) : Right(0.9f), Right(0.8f), Right(0.8f))]);

        var found = ScheduleSearch.Search(table, Plans);

        Assert.Equal(1, found.Outcome.Top1);
        Assert.Equal(((9 * 1) + 13) / 10.0, found.Outcome.CropsUsed, 1e-9);
    }

    /// <summary>Each model is wrong, and unsure, where the other is right; asking both costs a twelfth of what twelve more crops
    /// would.</summary>
    [Fact]
    public void Search_AnotherMemberIsCheaperThanMoreCrops_AsksTheMember()
    {
        var table = Table([
            (1, image => image % 10 == 0 ? Wrong(0.6f) : Right(0.9f), Right(0.9f), Right(0.9f)),
            (1, image => image % 10 == 5 ? Wrong(0.6f) : Right(0.9f), Right(0.9f), Right(0.9f)),
        ]);

        var found = ScheduleSearch.Search(table, Plans);

        Assert.Equal((1, 1.1), (found.Outcome.Top1, Math.Round(found.Outcome.CropsUsed, 9)));
        Assert.Equal(
            [
                [0, -1],
                [-1, 0],
            ],
            found.Schedule.Rounds.Take(2).Select(round => round.Depths)
        );
    }

    /// <summary>More crops only make it worse: one is enough, whatever the thresholds.</summary>
    [Fact]
    public void Search_MoreCropsHarm_StopsAfterOne()
    {
        var table = Table([(1, image => image % 10 == 0 ? Wrong(0.6f) : Right(0.6f), Wrong(0.9f), Wrong(0.9f))]);

        Assert.Equal((0.9, 1), (ScheduleSearch.Search(table, Plans).Outcome.Top1, ScheduleSearch.Search(table, Plans).Outcome.CropsUsed));
    }

    /// <summary>Nothing reaches 144 crops but 144 crops: accuracy goes before compute.</summary>
    [Fact]
    public void Search_OnlyTheLastRoundIsRight_PaysForIt()
    {
        var table = Table([(1, _ => Wrong(0.9f), Wrong(0.9f), Right(0.9f))]);

        var found = ScheduleSearch.Search(table, Plans);

        Assert.Equal((1, 145), (found.Outcome.Top1, found.Outcome.CropsUsed));
    }

    /// <summary>
    /// Alone the first model is right as often as both together, on other images: that many differences balance only by luck, so the
    /// second is asked where the first is unsure.
    /// </summary>
    [Fact]
    public void Search_CheapestIsAsGoodByLuckAlone_IsNotTaken()
    {
        var table = Table([
            (
                1,
                image =>
                    (image % 20) switch
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
                image =>
                    (image % 20) switch
                    {
                        0 => Right(0.7f),
                        1 => Wrong(0.7f),
                        _ => Right(0.9f),
                    },
                Right(0.9f),
                Right(0.9f)
            ),
        ]);

        var found = ScheduleSearch.Search(table, [CropMode.Single]);

        Assert.Equal(0.95, FixedPlans.Score(table, CropMode.Single).Top1, 1e-9);
        Assert.Equal(0.95, FixedPlans.Score(table, CropMode.Single, 0).Top1, 1e-9);
        Assert.Equal((0, 1.1), (found.Outcome.Gained + found.Outcome.Lost, Math.Round(found.Outcome.CropsUsed, 9)));
    }

    [Fact]
    public void ToPolicy_Found_IsSoundAndNamesTheMembersOfEachRound()
    {
        var schedule = new EarlyExitSchedule([
            ScheduleRound.Of(3, [1], 0),
            ScheduleRound.Of(3, [0, 2], 0),
            ScheduleRound.Of(3, [0, 1, 2], 1),
        ]);

        var policy = schedule.ToPolicy(ConfidenceRule.Entropy, [0.5, 0.25], ["a", "b", "c"], [CropMode.Single, CropMode.Crops12]);

        Assert.Equal(
            ["1 of b until 0.5", "1 of a, c until 0.25", "12 of all until "],
            policy.Rounds.Select(round =>
                $"{round.Crops} of {(round.Members is null ? "all" : string.Join(", ", round.Members))} until {round.Confidence}"
            )
        );
        Assert.Equal(
            schedule.Rounds.Select(round => round.Depths),
            EarlyExitSchedule.Of(policy, ["a", "b", "c"]).Rounds.Select(round => round.Depths)
        );
        Assert.Equal([CropMode.Single, CropMode.Crops12], EarlyExitSchedule.ChainOf(policy, "b"));
    }

    private static float[] Right(float probability) => [probability, 1 - probability];

    private static float[] Wrong(float probability) => [1 - probability, probability];

    /// <summary>Two classes, the first always true; each model says for an image what it is given for one crop, and the same of all for
    /// more.</summary>
    private static ScoreTable Table((long Macs, Func<int, float[]> One, float[] Twelve, float[] Crops144)[] members)
    {
        TableMember[] who =
        [
            .. members.Select((member, index) => new TableMember($"m{index}", MadeUp.Manifest(member.Macs), Weight: 1, Plans)),
        ];
        return ScoreTable.Of(
            who,
            [
                .. Enumerable
                    .Range(0, Images)
                    .Select(image => members.Select(member => Summary(member.One(image), member.Twelve, member.Crops144)).ToArray()),
            ],
            new int[Images]
        );
    }

    private static MemberSummary Summary(float[] one, float[] twelve, float[] all144)
    {
        CropSummary[] chain = [Crops(one, 1), Crops(twelve, 13), Crops(all144, 145)];
        return new(
            new Dictionary<CropMode, CropSummary>
            {
                [CropMode.Single] = chain[0],
                [CropMode.Crops12] = Crops(twelve, 12),
                [CropMode.Crops144] = Crops(all144, 144),
            },
            chain
        );
    }

    private static CropSummary Crops(float[] mean, int count) => new(mean, mean, count);
}
