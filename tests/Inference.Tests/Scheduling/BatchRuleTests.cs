using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Scheduling;

public sealed class BatchRuleTests
{
    private const int Forever = -1;

    // queued, oldest age (ms), slack (ms), draining, largest batch, delay (ms), sharers => crops to send, or 0 and how long to wait (ms)
    [Theory]
    [InlineData(0, 0, 0, false, 8, 0, 1, 0, Forever)] // nothing to do
    [InlineData(0, 0, 0, true, 8, 0, 1, 0, Forever)] // nothing to drain
    [InlineData(0, 0, 0, false, 8, 5, 4, 0, Forever)] // a delay changes nothing about nothing
    [InlineData(1, 0, 1000, false, 8, 0, 1, 1, 0)] // no delay: at once
    [InlineData(5, 0, 1000, false, 8, 0, 1, 5, 0)] // all that is there
    [InlineData(8, 0, 1000, false, 8, 0, 1, 8, 0)] // exactly full
    [InlineData(20, 0, 1000, false, 8, 0, 1, 8, 0)] // never more than the largest
    [InlineData(10, 0, 1000, false, 8, 0, 2, 5, 0)] // a fair share of two sessions
    [InlineData(11, 0, 1000, false, 8, 0, 2, 6, 0)] // rounded up
    [InlineData(1, 0, 1000, false, 8, 0, 4, 1, 0)] // at least one
    [InlineData(3, 0, 1000, false, 1, 0, 2, 1, 0)] // single file
    [InlineData(100, 0, 1000, false, 8, 0, 4, 8, 0)] // the share is larger than the largest
    [InlineData(1, 0, 1000, false, 8, 5, 1, 0, 5)] // wait for company
    [InlineData(1, 2, 1000, false, 8, 5, 1, 0, 3)] // only for the rest of the delay
    [InlineData(1, 5, 1000, false, 8, 5, 1, 1, 0)] // waited long enough
    [InlineData(1, 9, 1000, false, 8, 5, 1, 1, 0)] // too long already
    [InlineData(8, 0, 1000, false, 8, 5, 1, 8, 0)] // full: no need to wait
    [InlineData(9, 0, 1000, false, 8, 5, 2, 5, 0)] // full by count, sent by share
    [InlineData(1, 0, 3, false, 8, 5, 1, 0, 3)] // no longer than the most urgent can
    [InlineData(1, 0, 0, false, 8, 5, 1, 1, 0)] // the most urgent can't wait
    [InlineData(1, 0, -7, false, 8, 5, 1, 1, 0)] // it should have gone before
    [InlineData(1, 0, 1000, true, 8, 5, 1, 1, 0)] // nobody else will come
    [InlineData(10, 0, 1000, true, 8, 5, 2, 5, 0)] // draining is shared too
    public void Decide_Row_SendsOrWaitsAsWritten(
        int queued,
        int age,
        int slack,
        bool draining,
        int largest,
        int delay,
        int sharers,
        int expectedCount,
        int expectedWait
    )
    {
        var decision = BatchRule.Decide(queued, Ms(age), Ms(slack), draining, new(BatchSizes.UpTo(largest), Ms(delay), sharers));

        Assert.Equal((expectedCount, Ms(expectedWait)), (decision.Count, decision.Delay));
    }

    [Fact]
    public void Decide_AnySituation_SendsSomethingThatIsThereAndAllowed() =>
        Check(s =>
            s.Decide() is var decision
            && decision.Count <= Math.Min(s.Queued, s.Limits.Sizes.Maximum)
            && (decision.Count > 0 || decision.Delay != TimeSpan.Zero)
        );

    [Fact]
    public void Decide_AnySituation_WaitsNeitherPastTheDelayNorPastTheSlack() =>
        Check(s =>
            s.Queued == 0
            || s.Decide() is { Count: > 0 }
            || (s.Decide().Delay is var wait && wait > TimeSpan.Zero && s.Age + wait <= s.Limits.MaxDelay && wait <= s.Slack)
        );

    [Fact]
    public void Decide_WaitIsOver_Sends() =>
        Check(s =>
            s.Decide() is { Count: 0 } decision && s.Queued > 0
                ? (s with { Age = s.Age + decision.Delay, Slack = s.Slack - decision.Delay }).Decide().Count > 0
                : true
        );

    [Fact]
    public void Decide_SentBefore_IsSentLaterToo() =>
        Check(s => s.Decide().Count == 0 || (s with { Age = s.Age + Ms(1), Slack = s.Slack - Ms(1) }).Decide().Count > 0);

    [Fact]
    public void Decide_NoDelayOrDraining_NeverKeepsACropWaiting() =>
        Check(s => s.Queued == 0 || !(s.Draining || s.Limits.MaxDelay == TimeSpan.Zero) || s.Decide().Count > 0);

    [Fact]
    public void Decide_EverySessionTakesItsShare_TheQueueEmpties() =>
        Check(s =>
        {
            var left = s.Queued;
            var most = (s.Queued / s.Limits.Sizes.Maximum) + (s.Limits.Sessions * 32);
            for (var taken = 0; left > 0 && taken <= most; taken++)
                left -= (s with { Queued = left, Draining = true }).Decide().Count;
            return left == 0;
        });

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static void Check(Func<Situation, bool> holds)
    {
        var situations =
            from queued in Gen.Choose(0, 200)
            from age in Gen.Choose(0, 20)
            from slack in Gen.Choose(-5, 50)
            from draining in Gen.Elements(true, false)
            from largest in Gen.Choose(1, 64)
            from delay in Gen.Choose(0, 10)
            from sharers in Gen.Choose(1, 8)
            select new Situation(queued, Ms(age), Ms(slack), draining, new(BatchSizes.UpTo(largest), Ms(delay), sharers));
        Prop.ForAll(situations.ToArbitrary(), holds).QuickCheckThrowOnFailure();
    }

    private sealed record Situation(int Queued, TimeSpan Age, TimeSpan Slack, bool Draining, BatchLimitsInForce Limits)
    {
        public BatchDecision Decide() => BatchRule.Decide(Queued, Age, Slack, Draining, Limits);
    }
}
