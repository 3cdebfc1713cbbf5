using Saccade.Training.Evaluation;
using Xunit;

namespace Saccade.Training.Tests.Evaluation;

public sealed class ConfidenceIntervalTests
{
    /// <summary>Wilson's interval as statistics packages print it (statsmodels, proportion_confint, method "wilson").</summary>
    [Theory]
    [InlineData(0.9, 10, 0.59585, 0.98212)]
    [InlineData(0.5, 100, 0.40383, 0.59617)]
    [InlineData(1, 20, 0.83887, 1)]
    [InlineData(0, 20, 0, 0.16113)]
    public void Of_KnownShares_IsTheKnownInterval(double share, long images, double low, double high)
    {
        var interval = ConfidenceInterval.Of(share, images);

        Assert.Equal(low, interval.Low, 1e-5);
        Assert.Equal(high, interval.High, 1e-5);
    }
}
