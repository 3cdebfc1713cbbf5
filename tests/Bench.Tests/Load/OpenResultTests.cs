using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class OpenResultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Of_AnswersRefusalsAndBrokenConnections_CountsEachOnce()
    {
        // 504 was accepted: its latency is no refusal's.
        var stretch = Stretch(Answer(10), Answer(99), Answer(101), Refusal(429, 2), Refusal(503, 4), Refusal(504, 100), Refusal(0, 1));

        var result = OpenResult.Of([stretch]);

        Assert.Equal((7, 2, 1, 1), (result.Offered, result.InTime, result.Late, result.Broken));
        Assert.Equal([(429, 1), (503, 1), (504, 1)], result.Refusals.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal((101, 4), (result.Latency.P99, result.Refusal.P99));
    }

    [Fact]
    public void Refusal_OfARequestThatWasSentLate_CountsFromTheSendAndTheOtherFromTheDueTime()
    {
        var result = OpenResult.Of([Stretch(Refusal(429, 9) with { Lag = TimeSpan.FromMilliseconds(7) })]);

        Assert.Equal((2, 9), (result.Refusal.P99, result.RefusalFromDue.P99));
    }

    [Fact]
    public void Goodput_WhenTheLastAnswerComesAfterTheSchedule_CountsTheTimeUntilThen()
    {
        // Eleven answers in the 1.05 s until the last: the queue that was left over is no extra throughput.
        var late = Answer(60) with
        {
            Due = TimeSpan.FromSeconds(0.99),
        };

        var stretch = Stretch([.. Enumerable.Repeat(Answer(10), 10), late]);

        Assert.Equal(11 / 1.05, stretch.Goodput, 9);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(98, false)]
    public void KeepsBound_OfAHundredRequests_ToleratesOneThatIsLateOrRefused(int inTime, bool kept) =>
        Assert.Equal(
            kept,
            OpenResult
                .Of([Stretch([.. Enumerable.Repeat(Answer(50), inTime), .. Enumerable.Repeat(Refusal(429, 1), 100 - inTime)])])
                .KeepsBound
        );

    [Fact]
    public void KeepsBound_WhenOneScheduleOfThreeWasDisturbed_GoesByTheOthers()
    {
        var (sound, disturbed) = (Stretch(Answer(50)), Stretch(Answer(5000)));

        Assert.True(OpenResult.Of([sound, disturbed, sound]).KeepsBound);
        Assert.False(OpenResult.Of([disturbed, sound, disturbed]).KeepsBound);
    }

    [Fact]
    public void Of_SeveralSchedules_TakesTheMedianGoodputAndAllLatencies()
    {
        OpenStretch[] stretches = [Stretch(Answer(1)), Stretch(Answer(2), Answer(3)), Stretch([.. Enumerable.Repeat(Answer(90), 30)])];

        var result = OpenResult.Of(stretches);

        Assert.Equal((2, 90), (result.Goodput, result.Latency.P50));
    }

    private static OpenStretch Stretch(params Arrival[] arrivals) =>
        new(1, arrivals.Length, TimeSpan.FromMilliseconds(100), Second, arrivals, ServiceShare: 0.9, LoadShare: 0.05);

    private static Arrival Answer(double milliseconds) => Refusal(200, milliseconds);

    private static Arrival Refusal(int status, double milliseconds) =>
        new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds), status, double.NaN);
}
