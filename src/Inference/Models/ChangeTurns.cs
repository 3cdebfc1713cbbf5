namespace Saccade.Inference.Models;

/// <summary>One change at a time, in the order in which they were asked for; one that takes long lets others pass.</summary>
internal sealed class ChangeTurns
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Makes a change when those before it are over or let it pass.</summary>
    public Task<T> RunAsync<T>(Func<ChangeTurn, Task<T>> change)
    {
        lock (_gate)
        {
            var turn = new ChangeTurn();
            var result = AfterAsync(_last, turn, change);
            _last = Task.WhenAny(result, turn.GivenWay);
            return result;
        }
    }

    /// <summary>Completes when the last change that was asked for is over or lets others pass.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
            return _last;
    }

    private static async Task<T> AfterAsync<T>(Task last, ChangeTurn turn, Func<ChangeTurn, Task<T>> change)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await change(turn);
    }
}

/// <summary>The turn of one change: those that were asked for later wait until it is over, or until it gives way.</summary>
internal sealed class ChangeTurn
{
    private readonly TaskCompletionSource _givenWay = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the change lets others go first.</summary>
    public Task GivenWay => _givenWay.Task;

    /// <summary>Whether others may be under way by now.</summary>
    public bool HasGivenWay => _givenWay.Task.IsCompleted;

    /// <summary>Lets others go first.</summary>
    public void GiveWay() => _givenWay.TrySetResult();
}
