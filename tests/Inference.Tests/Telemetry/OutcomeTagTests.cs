using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Tests.Telemetry;

/// <summary>What the tag <c>outcome</c> says of requests that an exception ended.</summary>
public sealed class OutcomeTagTests
{
    [Fact]
    public void IsDefect_EverythingButTheCallersWish()
    {
        CancellationToken wish = new(canceled: true);

        Assert.False(OutcomeTag.IsDefect(new OperationCanceledException(), wish));
        Assert.True(OutcomeTag.IsDefect(new OperationCanceledException(), CancellationToken.None));
        Assert.True(OutcomeTag.IsDefect(new InvalidOperationException(), wish));
    }
}
