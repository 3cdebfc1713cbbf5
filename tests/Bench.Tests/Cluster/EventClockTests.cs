using Saccade.Bench.Cluster;

namespace Saccade.Bench.Tests.Cluster;

public sealed class EventClockTests
{
    private readonly EventClock _clock = new();
    private readonly List<string> _happened = [];

    [Fact]
    public void Run_Events_HappenByTimeAndThenAsPlanned()
    {
        Plan(2, "c");
        Plan(1, "a");
        Plan(1, "b");
        _clock.After(TimeSpan.FromSeconds(-1), () => _happened.Add($"at once at {_clock.Now.TotalSeconds}"));
        _clock.After(TimeSpan.FromSeconds(3), () => Plan(1, "d"));

        _clock.Run();

        Assert.Equal(["at once at 0", "a at 1", "b at 1", "c at 2", "d at 4"], _happened);
    }

    [Fact]
    public void Run_AwaitedTasks_ContinueOnTheSameThreadAtTheMomentTheyEnd()
    {
        var thread = Environment.CurrentManagedThreadId;
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.After(TimeSpan.Zero, () => _ = WaitAsync());
        _clock.After(
            TimeSpan.FromSeconds(5),
            () =>
            {
                source.TrySetResult();
                _happened.Add("set");
            }
        );

        _clock.Run();

        Assert.Equal(["delayed 2", "set", "continued 5"], _happened);

        async Task WaitAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(2), _clock);
            _happened.Add($"delayed {_clock.Now.TotalSeconds}");
            await source.Task;
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            _happened.Add($"continued {_clock.Now.TotalSeconds}");
        }
    }

    [Fact]
    public void Run_TimerThatIsDisposedOfOrChanged_HappensAsItWasLastToldTo()
    {
        var disposed = Timer(1, "disposed");
        var changed = Timer(1, "changed");
        Timer(2, "kept");
        disposed.Dispose();
        changed.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        _clock.Run();

        Assert.Equal(["kept at 2", "changed at 3"], _happened);
    }

    private void Plan(int seconds, string name) => _clock.After(TimeSpan.FromSeconds(seconds), () => Note(name));

    private ITimer Timer(int seconds, string name) =>
        _clock.CreateTimer(_ => Note(name), state: null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    private void Note(string name) => _happened.Add($"{name} at {_clock.Now.TotalSeconds}");
}
