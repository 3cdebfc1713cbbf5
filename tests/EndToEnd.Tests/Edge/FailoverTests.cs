using System.Net;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>To whom the balancers pass a request on that a replica did not answer, and to whom not.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class FailoverTests(PublishedService published)
{
    [ToolTheory("nginx", "haproxy")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Post_OneOfThreeIsAlive_EveryRequestIsAnswered(string program)
    {
        var replicas = Enumerable.Range(0, 3).Select(_ => new ScriptedReplica()).ToList();
        await using var balancer = await BalancerProcess.StartAsync(program, [.. replicas.Select(replica => replica.Address)]);
        using var client = new HttpClient { BaseAddress = balancer.Address };
        replicas[0].Dispose();
        replicas[2].Dispose();

        for (var i = 0; i < 100; i++)
            Assert.Equal(HttpStatusCode.OK, await PostAsync(client, "image"u8.ToArray()));

        Assert.Equal(100, replicas[1].Posts);
        replicas[1].Dispose();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(client, "image"u8.ToArray()));
    }

    [ToolTheory("nginx", "haproxy")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Post_OthersAreNotReady_EveryRequestIsAnsweredByTheOneThatIs(string program)
    {
        using var draining = new ScriptedReplica(503);
        using var starting = new ScriptedReplica(503);
        using var ready = new ScriptedReplica();
        await using var balancer = await BalancerProcess.StartAsync(program, draining.Address, starting.Address, ready.Address);
        using var client = new HttpClient { BaseAddress = balancer.Address };

        for (var i = 0; i < 100; i++)
            Assert.Equal(HttpStatusCode.OK, await PostAsync(client, "image"u8.ToArray()));
    }

    [ToolTheory("nginx", "haproxy")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Post_RequestThatKillsReplicas_IsNotSentToAThird(string program)
    {
        var replicas = Enumerable.Range(0, 3).Select(_ => new ScriptedReplica()).ToList();
        await using var balancer = await BalancerProcess.StartAsync(program, [.. replicas.Select(replica => replica.Address)]);
        using var client = new HttpClient { BaseAddress = balancer.Address };

        var status = await PostAsync(client, ScriptedReplica.Poison);

        Assert.True(status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable, $"{status}");
        Assert.Equal(2, replicas.Sum(replica => replica.Posts));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, "image"u8.ToArray()));
        replicas.ForEach(replica => replica.Dispose());
    }

    [ToolTheory("nginx", "haproxy")]
    [InlineData("nginx", 413)]
    [InlineData("nginx", 429)]
    [InlineData("nginx", 504)]
    [InlineData("haproxy", 413)]
    [InlineData("haproxy", 429)]
    [InlineData("haproxy", 504)]
    public async Task Post_ReplicaRefuses_ItsAnswerIsTheClientsAndNobodyElseIsAsked(string program, int status)
    {
        using var first = new ScriptedReplica(status);
        using var second = new ScriptedReplica(status);
        await using var balancer = await BalancerProcess.StartAsync(program, first.Address, second.Address);
        using var client = new HttpClient { BaseAddress = balancer.Address };

        Assert.Equal((HttpStatusCode)status, await PostAsync(client, "image"u8.ToArray()));

        Assert.Equal(1, first.Posts + second.Posts);
    }

    [ToolTheory("nginx", "haproxy")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Replicas_KilledDrainedAndReplacedUnderLoad_LoseNoRequest(string program)
    {
        var addresses = Enumerable.Range(0, 3).Select(_ => new Uri($"http://127.0.0.1:{FreePort.Next()}")).ToList();
        var replicas = new ServiceProcess[3];
        try
        {
            for (var i = 0; i < 3; i++)
                replicas[i] = await StartAsync(addresses[i]);
            await using var balancer = await BalancerProcess.StartAsync(program, [.. addresses]);
            await using var load = TrackedLoad.Start(balancer.Address, Samples.One, clients: 4, endAtRefusal: false);
            await load.AnswersAsync(50);

            // One dies. HAProxy's second attempt may meet it once more while it dies (docs/production.md).
            if (program == "nginx")
            {
                replicas[0].Process.Kill();
                await load.AnswersAsync(50);
                await ReplaceAsync(0);
            }

            // All are replaced, one after the other.
            for (var i = 0; i < 3; i++)
            {
                replicas[i].Process.Terminate();
                Assert.Equal(0, await replicas[i].Process.WaitForExitAsync(TimeSpan.FromMinutes(1)));
                await ReplaceAsync(i);
            }

            await load.StopAsync();
            Assert.Empty(load.Lost);
            Assert.True(
                load.Refused == 0,
                string.Join('\n', balancer.Output.Split('\n').Where(line => !line.Contains("\"status\":200", StringComparison.Ordinal)))
            );

            async Task ReplaceAsync(int index)
            {
                await replicas[index].DisposeAsync();
                replicas[index] = await StartAsync(addresses[index]);
                await load.AnswersAsync(50);
            }
        }
        finally
        {
            foreach (var replica in replicas.OfType<ServiceProcess>())
                await replica.DisposeAsync();
        }
    }

    private Task<ServiceProcess> StartAsync(Uri address) => published.StartReadyAsync(("ASPNETCORE_URLS", address.ToString().TrimEnd('/')));

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), content);
        return answer.StatusCode;
    }
}
