using Saccade.Bench.Cluster;

namespace Saccade.Bench.Tests.Cluster;

public sealed class BalancerTests
{
    private const int Replicas = 10;

    public static TheoryData<string> All => [.. Balancers.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Send_SomeLeftOut_ChoosesEveryOther(string name)
    {
        var balancer = Create(name);
        balancer.LeaveOut(3, isLeftOut: true);
        balancer.LeaveOut(7, isLeftOut: true);
        balancer.LeaveOut(7, isLeftOut: true);

        var chosen = Enumerable.Range(0, 1000).Select(_ => balancer.Send()!.Value).ToHashSet();
        Assert.Equal(Enumerable.Range(0, Replicas).Except([3, 7]), chosen.Order());

        balancer.LeaveOut(7, isLeftOut: false);
        Assert.Contains(7, Enumerable.Range(0, 1000).Select(_ => balancer.Send()!.Value));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Send_AllLeftOut_ChoosesNone(string name)
    {
        var balancer = Create(name);
        for (var replica = 0; replica < Replicas; replica++)
            balancer.LeaveOut(replica, isLeftOut: true);

        Assert.Null(balancer.Send());

        balancer.LeaveOut(4, isLeftOut: false);
        Assert.Equal(4, balancer.Send());
    }

    [Fact]
    public void RoundRobin_TakesTurns()
    {
        var balancer = Create("round robin");
        var first = balancer.Send()!.Value;

        Assert.Equal(
            Enumerable.Range(1, 25).Select(turn => (first + turn) % Replicas),
            Enumerable.Range(0, 25).Select(_ => balancer.Send()!.Value)
        );
    }

    /// <summary>Against counting: after any course of requests and failures it sends to one of those with the fewest.</summary>
    [Fact]
    public void LeastConnections_AnyCourse_SendsToOneWithTheFewest()
    {
        var random = new Random(5);
        var balancer = Create("least connections");
        var underWay = new List<int>();
        var leftOut = new HashSet<int>();
        for (var step = 0; step < 20_000; step++)
        {
            var replica = random.Next(Replicas);
            switch (random.Next(5))
            {
                case 0 when leftOut.Count < Replicas - 1 || leftOut.Contains(replica):
                    balancer.LeaveOut(replica, leftOut.Add(replica));
                    if (!balancer.IsLeftOut(replica))
                        leftOut.Remove(replica);
                    break;
                case 1 or 2 when underWay.Count > 0:
                    var ended = random.Next(underWay.Count);
                    balancer.Ended(underWay[ended]);
                    underWay.RemoveAt(ended);
                    break;
                default:
                    var counts = Enumerable.Range(0, Replicas).ToDictionary(at => at, at => underWay.Count(one => one == at));
                    var fewest = counts.Where(one => !leftOut.Contains(one.Key)).Min(one => one.Value);
                    var chosen = balancer.Send()!.Value;
                    Assert.DoesNotContain(chosen, leftOut);
                    Assert.Equal(fewest, counts[chosen]);
                    underWay.Add(chosen);
                    break;
            }
        }
    }

    [Fact]
    public void TwoChoices_OfTwo_SendsMoreToTheOneWithFewer()
    {
        var balancer = Balancers.Create("two choices", replicas: 2, new Random(1));
        var sent = new int[2];
        for (var request = 0; request < 1000; request++)
            sent[balancer.Send()!.Value]++;

        // Where both draws name the same replica the other may get one more, and the next pair of draws makes up for it.
        Assert.InRange(Math.Abs(sent[0] - sent[1]), 0, 10);
    }

    private static Balancer Create(string name) => Balancers.Create(name, Replicas, new Random(3));
}
