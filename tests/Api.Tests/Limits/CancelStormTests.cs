using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Saccade.Api.Shutdown;
using Saccade.Api.Tests.Support;
using Saccade.Inference.Models;

namespace Saccade.Api.Tests.Limits;

/// <summary>Clients hang up by the dozen.</summary>
public sealed class CancelStormTests
{
    private const int Clients = 40;
    private const string Path = "/classify?deadlineMs=300000";

    private static readonly byte[] BluePng = TestModels.Image(0, 0, 255);

    [Fact]
    public async Task HangUp_HalfOfTheClients_OthersAreAnsweredAndNothingIsLeftBehind()
    {
        // On a CPU one batch runs and nothing is taken ahead.
        var settings = new Dictionary<string, string?>
        {
            ["Execution:Provider"] = "Cpu",
            ["Batching:QueueCapacity"] = $"{Clients}",
            ["Batching:MaxBatchSize"] = "4",
        };
        await using var service = await Service.ListenAsync(settings, GatedModel.Create(out var session));
        var client = service.Client();
        using var storm = new CancellationTokenSource();
        session.Hold();
        var requests = Enumerable
            .Range(0, Clients)
            .Select(index =>
                client.PostAsync(
                    Path,
                    Payload.Raw(index % 2 == 0 ? Payload.RedPng : BluePng),
                    index % 2 == 0 ? storm.Token : CancellationToken.None
                )
            )
            .ToArray();
        var running = await session.NextRunAsync();
        await TestTimeouts.UntilAsync(() => Status(service).QueueDepth == Clients - running);

        await storm.CancelAsync();
        await TestTimeouts.UntilAsync(() => service.Services.GetRequiredService<DrainGate>().Inside == Clients / 2);
        session.Open();

        foreach (var left in requests.Where((_, index) => index % 2 == 0))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.Guarded());
        foreach (var stayed in requests.Where((_, index) => index % 2 != 0))
        {
            using var answer = await stayed.Guarded();
            Assert.Equal("blue", (await answer.JsonAsync()).TopLabel());
        }

        // Who left while waiting cost no computing, and left no room taken: as many as before find a place again.
        Assert.InRange(session.Rows.Count, Clients / 2, (Clients / 2) + running);
        await TestTimeouts.UntilAsync(() => Status(service) is { QueueDepth: 0, Sessions.Busy: 0 });
        session.Hold();
        var again = Enumerable.Range(0, Clients).Select(_ => client.PostAsync(Path, Payload.Raw(Payload.RedPng))).ToArray();
        await service.InsideAsync(Clients);
        session.Open();
        foreach (var response in await Task.WhenAll(again).Guarded())
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(service.Logs.Entries, entry => entry.Level >= LogLevel.Error);
    }

    private static ModelStatus Status(Service service) => Assert.Single(service.Services.GetRequiredService<ModelCatalog>().List());
}
