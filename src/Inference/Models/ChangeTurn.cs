namespace Saccade.Inference.Models;

/// <summary>A change's turn: those that were asked for later wait until it is over, or until it gives way because it takes long.</summary>
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
