using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

public sealed class ByteBudgetTests
{
    [Fact]
    public async Task TakeAsync_Full_WaitsUntilThereIsRoom()
    {
        ByteBudget budget = new(100);
        await budget.TakeAsync(60, CancellationToken.None);
        await budget.TakeAsync(40, CancellationToken.None);

        var waiting = budget.TakeAsync(50, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        budget.Give(40);
        Assert.False(waiting.IsCompleted);
        budget.Give(60);

        await waiting;
        Assert.Equal(50, budget.Taken);
    }

    [Fact]
    public async Task TakeAsync_MoreThanThereIs_IsTakenAlone()
    {
        ByteBudget budget = new(100);
        await budget.TakeAsync(500, CancellationToken.None);

        var waiting = budget.TakeAsync(1, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        budget.Give(500);

        await waiting;
    }

    [Fact]
    public async Task TakeAsync_GivenUp_TakesNothing()
    {
        ByteBudget budget = new(100);
        using CancellationTokenSource stop = new();
        await budget.TakeAsync(100, CancellationToken.None);

        var waiting = budget.TakeAsync(1, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(100, budget.Taken);
    }
}
