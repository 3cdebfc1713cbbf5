using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Tests.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Devices;

/// <summary>Several models before one device.</summary>
public sealed class FairTurnsTests
{
    private static readonly DeviceGate Gate = new(capacity: 1, new FakeTimeProvider());

    /// <summary>Models that always have work get the same time, however long each one's runs are, to within a run of each.</summary>
    [Fact]
    public void Next_EveryoneAlwaysHasWork_TimeIsShared()
    {
        var cases =
            from runs in Gen.Choose(1, 30).ListOf(4)
            from capacity in Gen.Choose(1, 3)
            from seed in Gen.Choose(0, int.MaxValue)
            select (runs, capacity, seed);
        Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var used = Play([.. one.runs], one.capacity, new Random(one.seed), until: 2000);
                    var slack = 4 * 1.2 * one.runs.Max() * one.capacity;
                    return used.Max() - used.Min() <= slack;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Next_OneHasBeenIdle_GoesFirstButDoesNotSaveUp()
    {
        var turns = new FairTurns(capacity: 1);
        var (busy, idle) = (turns.Join(), turns.Join());
        for (var i = 0; i < 100; i++)
            Run(turns, busy, 1);
        var order = new List<string>();
        foreach (var share in new[] { busy, busy, idle, idle, busy, idle })
            turns.Ask(Ticket(share));

        while (turns.Next() is { } ticket)
        {
            order.Add(ticket.Share == busy ? "busy" : "idle");
            turns.Done(ticket, 1);
        }

        Assert.Equal(["idle", "busy", "idle", "busy", "idle", "busy"], order);
    }

    [Fact]
    public void Next_RunsLargerThanWhatIsFree_WaitUntilTheyFitAndAreNotOvertaken()
    {
        var turns = new FairTurns(capacity: 2);
        var (small, large) = (turns.Join(), turns.Join());
        Run(turns, small, 1);
        var first = Ticket(small);
        turns.Ask(first);
        Assert.Same(first, turns.Next());
        var whole = new GateTicket(Gate, large, units: 2);
        turns.Ask(whole);
        turns.Ask(Ticket(small));

        Assert.Null(turns.Next());
        turns.Done(first, 1);
        Assert.Same(whole, turns.Next());
        Assert.Null(turns.Next());
    }

    [Fact]
    public void Next_LargerThanTheDevice_GoesInAlone()
    {
        var turns = new FairTurns(capacity: 2);
        var ticket = new GateTicket(Gate, turns.Join(), units: 5);
        turns.Ask(ticket);

        Assert.Same(ticket, turns.Next());
    }

    [Fact]
    public async Task Enter_DeviceIsFull_WaitsForARunToEnd()
    {
        var gate = new DeviceGate(capacity: 1, new FakeTimeProvider());
        var (inside, waiting) = (new GateTicket(gate, gate.Join(), 1), new GateTicket(gate, gate.Join(), 1));
        inside.Enter();
        Assert.True(inside.IsAlone);

        var entered = Task.Run(waiting.Enter);
        await TestTimeouts.UntilAsync(() => gate.Runs == 2);
        Assert.False(inside.IsAlone);
        Assert.False(entered.IsCompleted);
        inside.Exit();

        await entered.Guarded();
        Assert.True(waiting.IsAlone);
        waiting.Exit();
    }

    /// <summary>Two pools on one core: what the second one asks for runs next, though the first has work for hours.</summary>
    [Fact]
    public async Task Enter_TwoModelsOnOneDevice_TakeTurns()
    {
        var gate = new DeviceGate(capacity: 1, new FakeTimeProvider());
        await using var first = new PoolFixture(runs: 2, maxBatch: 1, gate: gate);
        await using var second = new PoolFixture(runs: 2, maxBatch: 1, gate: gate);
        first.Session.Hold();
        second.Session.Hold();
        var many = first.Submit(crops: 6);
        await first.Session.NextRunAsync();
        var one = second.Submit();
        await TestTimeouts.UntilAsync(() => gate.Runs == 3);

        Assert.Equal(1, first.Session.AtTheGate);
        Assert.Equal(0, second.Session.AtTheGate);
        first.Session.Pass();
        var ran = await Task.WhenAny(second.Session.NextRunAsync(), first.Session.NextRunAsync());

        Assert.Equal(1, first.Session.AtTheGate + second.Session.AtTheGate);
        first.Session.Open();
        second.Session.Open();
        await Task.WhenAll(ran, many.Result, one.Result);
        Assert.Equal([1, 1, 1, 1, 1, 1], first.Session.Runs);
        Assert.Equal([1], second.Session.Runs);
    }

    private static double[] Play(int[] runs, int capacity, Random random, double until)
    {
        var turns = new FairTurns(capacity);
        var shares = runs.Select(_ => turns.Join()).ToArray();
        var used = new double[runs.Length];
        var inside = new PriorityQueue<(GateTicket Ticket, double Seconds), double>();
        foreach (var share in shares)
        {
            for (var i = 0; i < capacity; i++)
                turns.Ask(Ticket(share));
        }

        for (var now = 0.0; now < until; )
        {
            while (turns.Next() is { } ticket)
            {
                var seconds = runs[Array.IndexOf(shares, ticket.Share)] * (0.8 + (0.4 * random.NextDouble()));
                inside.Enqueue((ticket, seconds), now + seconds);
            }

            inside.TryDequeue(out var done, out now);
            used[Array.IndexOf(shares, done.Ticket.Share)] += done.Seconds;
            turns.Done(done.Ticket, done.Seconds);
            turns.Ask(done.Ticket);
        }

        return used;
    }

    private static void Run(FairTurns turns, GateShare share, double seconds)
    {
        turns.Ask(Ticket(share));
        turns.Done(turns.Next()!, seconds);
    }

    private static GateTicket Ticket(GateShare share) => new(Gate, share, units: 1);
}
