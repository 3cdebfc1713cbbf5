using Saccade.Bench.Capacity;
using Saccade.Bench.Cluster;

namespace Saccade.Bench.Tests.Cluster;

/// <summary>The simulation against what queueing theory knows, and the rules that hold whatever happens.</summary>
public sealed class ClusterRunTests
{
    private const double Service = 0.010;

    private static readonly ReplicaModel OneAtATime = new(Sessions: 1, Batch: 1, Service, Service);

    private static readonly ClusterSetup Plain = new(
        OneAtATime,
        Variation: 0,
        Replicas: 1,
        Edges: 1,
        "least connections",
        HealthRule.Nginx,
        new("plain", 0.8),
        Deadline: TimeSpan.FromHours(1),
        Length: TimeSpan.FromMinutes(30),
        Seed: 1
    );

    public static TheoryData<string> All => [.. Balancers.Names];

    /// <summary>Pollaczek and Khinchine: the mean wait for one server, by the variation of its runs.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Of_OneServer_WaitsAsPollaczekAndKhinchineSay(double variation)
    {
        var figures = ClusterRun.Of(Plain with { Variation = variation });

        var wait = 0.8 * Service * (1 + (variation * variation)) / 2 / (1 - 0.8);
        Assert.Equal(wait, figures.MeanLatency.TotalSeconds - Service, 0.05 * wait);
        Assert.Equal(figures.Offered, figures.Answered);
        // Little: what is held is the rate times the time.
        Assert.Equal(80 * (wait + Service), figures.Held.Mean, 0.3);
    }

    /// <summary>Erlang: the mean wait for c servers of exponential runs.</summary>
    [Fact]
    public void Of_ThreeSessions_WaitAsErlangSays()
    {
        const int Sessions = 3;
        const double Load = 0.8;
        var figures = ClusterRun.Of(Plain with { Replica = OneAtATime with { Sessions = Sessions }, Variation = 1 });

        const double Offered = Sessions * Load;
        var terms = Enumerable.Range(0, Sessions + 1).Select(k => Math.Pow(Offered, k) / Factorial(k)).ToArray();
        var busy = terms[Sessions] / (1 - Load);
        var mustWait = busy / (terms[..Sessions].Sum() + busy);
        var wait = mustWait * Service / (Sessions * (1 - Load));
        Assert.Equal(wait, figures.MeanLatency.TotalSeconds - Service, 0.05 * wait);
    }

    /// <summary>Random choice leaves every replica a queue of its own; of two choices Mitzenmacher's and Vvedenskaya's limit for many
    /// replicas is known.</summary>
    [Fact]
    public void Of_ManyReplicas_RandomAndTwoChoicesAreAsTheLimitsSay()
    {
        const double Load = 0.8;
        var many = Plain with { Variation = 1, Replicas = 200, Scenario = new("many", Load), Length = TimeSpan.FromSeconds(30) };

        var random = ClusterRun.Of(many with { Balancer = "random" }).MeanLatency.TotalSeconds / Service;
        var two = ClusterRun.Of(many with { Balancer = "two choices" }).MeanLatency.TotalSeconds / Service;

        Assert.Equal(1 / (1 - Load), random, 0.3);
        Assert.Equal(Enumerable.Range(1, 10).Sum(i => Math.Pow(Load, Math.Pow(2, i) - 2)), two, 0.08);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Of_TheSameSetup_GivesTheSameFigures(string balancer)
    {
        var setup = Failing(balancer, ReplicaState.Cut);

        Assert.Equal(ClusterRun.Of(setup), ClusterRun.Of(setup));
        Assert.NotEqual(ClusterRun.Of(setup), ClusterRun.Of(setup with { Seed = 2 }));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Of_HostsThatAreCutOff_LoseWhatTheyHadAndNothingElse(string balancer)
    {
        foreach (var health in new[] { HealthRule.Nginx, HealthRule.Haproxy })
        {
            var figures = ClusterRun.Of(Failing(balancer, ReplicaState.Cut) with { Health = health });

            Assert.True(figures.UnderWayAtFailures > 0);
            Assert.Equal(figures.UnderWayAtFailures, figures.Lost);
            Assert.Equal(figures.Offered, figures.Answered + figures.Lost);
        }
    }

    /// <summary>The connection tells, and another replica gets the request.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Of_ProcessesThatCrash_LoseNothing(string balancer)
    {
        foreach (var health in new[] { HealthRule.Nginx, HealthRule.Haproxy })
        {
            var figures = ClusterRun.Of(Failing(balancer, ReplicaState.Crashed) with { Health = health });

            Assert.True(figures.UnderWayAtFailures > 0);
            Assert.Equal(figures.Offered, figures.Answered);
        }
    }

    [Fact]
    public void Of_EveryReplicaFails_EveryRequestHasAnEnd()
    {
        foreach (var failure in new[] { ReplicaState.Cut, ReplicaState.Crashed })
        {
            var figures = ClusterRun.Of(
                Failing("least connections", failure) with
                {
                    Scenario = new("all", 0.5, Failing: 1, Failure: failure),
                    Deadline = TimeSpan.FromSeconds(3),
                }
            );

            Assert.True(figures.Refused > 0);
            // A third of the time nobody is there, and after it the replicas serve again.
            Assert.InRange(figures.Goodput, 0.45, 0.70);
        }
    }

    /// <summary>The service's admission: what could not be answered in time is refused at once, and the replicas stay busy.</summary>
    [Fact]
    public void Of_Overload_IsRefusedAndNotLeftToExpire()
    {
        var figures = ClusterRun.Of(
            Plain with
            {
                Replicas = 10,
                Scenario = new("overload", 1.5),
                Deadline = TimeSpan.FromMilliseconds(200),
                Length = TimeSpan.FromSeconds(60),
                Variation = 0.3,
            }
        );

        Assert.Equal(1 / 1.5, figures.Goodput, 0.03);
        Assert.True(figures.Expired < 0.01 * figures.Offered, $"{figures}");
        Assert.True(figures.Latency.Max <= 200);
    }

    [Fact]
    public void Of_SlowReplicas_GetLessByLeastConnectionsThanByRandom()
    {
        var setup = Plain with
        {
            Replicas = 40,
            Scenario = new("slow", 0.7, Slow: 0.1, Slowdown: 4),
            Deadline = TimeSpan.FromSeconds(1),
            Length = TimeSpan.FromSeconds(60),
        };

        var random = ClusterRun.Of(setup with { Balancer = "random" });
        var least = ClusterRun.Of(setup);

        // A slow replica's share by chance is almost three times what it can do.
        Assert.True(random.Refused + random.Expired > 0.03 * random.Offered, $"{random}");
        Assert.Equal(least.Offered, least.Answered);
        Assert.True(least.Latency.P99 < random.Latency.P99 / 2, $"{least.Latency} against {random.Latency}");
    }

    private static ClusterSetup Failing(string balancer, ReplicaState failure) =>
        Plain with
        {
            Balancer = balancer,
            Variation = 0.3,
            Replicas = 20,
            Edges = 2,
            Scenario = new("failing", 0.6, Failing: 0.2, Failure: failure),
            Length = TimeSpan.FromSeconds(30),
        };

    private static double Factorial(int n) => Enumerable.Range(1, n).Aggregate(1.0, (product, k) => product * k);
}
