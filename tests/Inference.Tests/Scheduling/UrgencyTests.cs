using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Scheduling;

/// <summary>Who goes first. Times are in seconds; a step of priority is worth one.</summary>
public sealed class UrgencyTests
{
    [Fact]
    public void Of_SamePriority_EarlierDeadlineFirst() => Assert.True(Of(due: 10, entered: 5) < Of(due: 30, entered: 0));

    [Fact]
    public void Of_HigherPriority_GoesFirstButNotForEver()
    {
        Assert.True(Of(due: 30.5, entered: 0.5, priority: 1) < Of(due: 30, entered: 0));
        Assert.True(Of(due: 31.5, entered: 1.5, priority: 1) > Of(due: 30, entered: 0));
        Assert.True(Of(due: 34.5, entered: 4.5, priority: 5) < Of(due: 30, entered: 0));
        Assert.True(Of(due: 30, entered: 0, priority: -1) > Of(due: 30.5, entered: 0.5));
    }

    [Fact]
    public void Of_SeveralCrops_LetLaterRequestsPassForAWhile()
    {
        Assert.True(Of(due: 30, entered: 0, index: 0) > Of(due: 30.1, entered: 0.1));
        Assert.True(Of(due: 30, entered: 0, index: 0) < Of(due: 30.2, entered: 0.2));
        Assert.True(Of(due: 30, entered: 0, index: 59) > Of(due: 39.9, entered: 9.9));
        Assert.True(Of(due: 30, entered: 0, index: 59) < Of(due: 40.1, entered: 10.1));
    }

    [Fact]
    public void Of_LastCropOfTheLargestPlan_IsPassedByNobodyWhoComesInTheLastFifthOfItsTime() =>
        Assert.True(Of(due: 30, entered: 0, index: 143) < Of(due: 54, entered: 24));

    [Fact]
    public void Of_DeadlinePassedAlready_CropsKeepTheirOrder() =>
        Assert.True(Of(due: 5, entered: 9, index: 0) <= Of(due: 5, entered: 9, index: 1));

    [Fact]
    public void Of_AnyRequest_LaterCropsAreNeverMoreUrgent() =>
        Prop.ForAll(
                (
                    from allowed in Gen.Choose(0, 1_000_000)
                    from index in Gen.Choose(0, 142)
                    from priority in Gen.Choose(-10, 10)
                    select (allowed, index, priority)
                ).ToArbitrary(),
                one => Of(one.allowed, 0, one.index, one.priority) <= Of(one.allowed, 0, one.index + 1, one.priority)
            )
            .QuickCheckThrowOnFailure();

    private static long Of(double due, double entered, int? index = null, int priority = 0) =>
        Urgency.Of((long)(due * 1000), (long)(entered * 1000), index ?? 0, index is null ? 1 : 144, priority, priorityStep: 1000);
}
