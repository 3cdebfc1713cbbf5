using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

/// <summary>A session dies under requests.</summary>
public sealed class SessionLostTests
{
    private const int Clients = 20;

    [Fact]
    public async Task Post_SessionBreaks_OnlyItsBatchIsRefusedAndTheOthersAreAnsweredByItsReplacement()
    {
        var broken = false;
        var loads = new GatedLoads
        {
            Opening = (session, load) =>
                session.Fault = (_, _) =>
                {
                    if (load == 0 && Volatile.Read(ref broken))
                        throw new InvalidOperationException("the device is gone");
                },
        };
        await using var service = await Service.StartAsync(
            new()
            {
                ["Execution:Provider"] = "Cpu",
                ["Execution:Sessions"] = "1",
                ["Execution:IntraOpThreads"] = "1",
                ["Batching:MaxBatchSize"] = "4",
            },
            loads.Register
        );
        var client = service.Client();
        loads[0].Hold();
        var requests = Enumerable.Range(0, Clients).Select(_ => client.PostAsync("/classify", Payload.Form(Payload.RedPng))).ToArray();
        var batch = await loads[0].NextRunAsync();
        // In the queue, not only past the door: a request that asks for the model while its session is being replaced is refused as not
        // ready.
        await service.QueuedAsync(Clients - batch);

        Volatile.Write(ref broken, true);
        loads[0].Open();
        var responses = await Task.WhenAll(requests).Guarded();

        var failed = responses.Where(response => response.StatusCode == HttpStatusCode.ServiceUnavailable).ToArray();
        Assert.Equal(batch, failed.Length);
        Assert.All(failed, response => Assert.NotNull(response.Headers.RetryAfter));
        foreach (var response in failed)
            Assert.Equal("model-failed", await response.CodeAsync());
        foreach (var response in responses.Except(failed))
            Assert.Equal("red", (await response.JsonAsync()).TopLabel());
        Assert.Equal((2, true), (loads.Count, loads[0].Disposed));
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}
