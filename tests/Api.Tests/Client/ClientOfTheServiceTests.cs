using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Saccade.Api.Tests.Support;
using Saccade.Client;

namespace Saccade.Api.Tests.Client;

/// <summary>The client and the service together, with a real model.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class ClientOfTheServiceTests(SharedService shared)
{
    [Fact]
    public async Task Classify_BytesStreamsAndFiles_AreAnsweredAlike()
    {
        using var client = new SaccadeClient(shared.Service.Client());
        using var seeking = new MemoryStream(Payload.RedPng);
        using var forward = new ForwardStream(Payload.RedPng);
        var folder = Directory.CreateTempSubdirectory("saccade-");
        try
        {
            var file = Path.Combine(folder.FullName, "red.png");
            await File.WriteAllBytesAsync(file, Payload.RedPng);
            ImageSource[] images = [Payload.RedPng, seeking, forward, ImageSource.FromFile(file)];
            foreach (var image in images)
            {
                var answer = await client.ClassifyAsync(image).Guarded();
                Assert.Equal(("red", 0), (answer.Best.Label, answer.Best.Index));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Nothing that the service says is unknown to the client, down to the last member.</summary>
    [Fact]
    public async Task Classify_EveryMemberOfTheAnswer_IsRead()
    {
        const string query = "/classify?crops=10&topK=3&explain=crops";

        var answer = await ReadStrictlyAsync(shared.Service, query);

        Assert.Equal(10, answer.Crops.Used);
        Assert.Equal(10, answer.Crops.Windows!.Sum(window => window.Times));
        Assert.Equal(3, answer.Predictions.Count);
        Assert.Equal(["colors"], answer.Members);
        Assert.All(answer.Predictions, prediction => Assert.Null(prediction.Selected));
        Assert.Null(answer.Cached);
    }

    [Fact]
    public async Task Classify_LabelsThatDoNotExcludeEachOtherAndACache_AreRead()
    {
        using var models = new TempModels().MultiLabel("colors", threshold: 0.9);
        await using var service = await Service.StartAsync(new(models.Settings) { ["Cache:Size"] = "1000000" });

        var computed = await ReadStrictlyAsync(service, "/classify");
        var kept = await ReadStrictlyAsync(service, "/classify");

        Assert.Equal([true, false, false], computed.Predictions.Select(prediction => prediction.Selected!.Value));
        Assert.Equal((null, "hit"), (computed.Cached, kept.Cached));
        Assert.Equal(computed.Predictions, kept.Predictions);
    }

    [Fact]
    public async Task Classify_Options_AreUnderstood()
    {
        using var client = new SaccadeClient(shared.Service.Client());
        var options = new ClassifyOptions
        {
            Model = "colors",
            Version = "1",
            Crops = "10",
            TopK = 2,
            Priority = 1,
            IncludeWindows = true,
            Deadline = TimeSpan.FromSeconds(5),
        };

        var answer = await client.ClassifyAsync(Payload.RedPng, options).Guarded();

        Assert.Equal(("10", 10, 2), (answer.Crops.Requested, answer.Crops.Used, answer.Predictions.Count));
        Assert.NotNull(answer.Crops.Windows);
    }

    [Fact]
    public async Task Classify_NoImage_IsRefusedWithCodeAndRequest()
    {
        using var client = new SaccadeClient(shared.Service.Client());

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync("no image"u8.ToArray()).Guarded());

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported-image"), (refused.Status, refused.Code));
        Assert.NotEmpty(refused.RequestId!);
    }

    [Fact]
    public async Task Models_TellsWhatIsServed()
    {
        using var client = new SaccadeClient(shared.Service.Client());

        var list = await client.ModelsAsync().Guarded();

        var model = Assert.Single(list.Models);
        Assert.True(list.Ready);
        Assert.Equal(("colors", "colors", "1"), (list.DefaultModel, model.Name, model.DefaultVersion));
        Assert.Equal(("1", "ready", 3), (model.Versions[0].Version, model.Versions[0].State, model.Versions[0].Classes));
        Assert.True(list.Limits.MaxBodyBytes > 0 && list.Limits.MaxDeadlineMs > list.Limits.DefaultDeadlineMs);
    }

    [Fact]
    public async Task Embed_Normalised_HasLengthOne()
    {
        using var models = new TempModels().Featured("featured");
        await using var service = await Service.StartAsync(new(models.Settings) { ["Cache:Size"] = "1000000" });
        using var client = new SaccadeClient(service.Client());

        var embedding = await client.EmbedAsync(Payload.RedPng, new() { Normalise = true }).Guarded();
        var again = await client.EmbedAsync(Payload.RedPng).Guarded();

        Assert.Equal((null, "hit"), (embedding.Cached, again.Cached));
        Assert.True(embedding.Normalised);
        Assert.Equal(3, embedding.Vector.Length);
        Assert.Equal(1, embedding.Vector.Sum(number => number * number), 1e-5);
    }

    [Theory]
    [InlineData("sk_shop_0123456789abcdef", null)]
    [InlineData("sk_shop_fedcba9876543210", "api-key-required")]
    [InlineData(null, "api-key-required")]
    public async Task Classify_ServiceAsksForKeys_TheClientsIsSent(string? key, string? refused)
    {
        await using var service = await Service.StartAsync(Settings.Keys(("shop", "sk_shop_0123456789abcdef", "Classify")));
        using var client = Direct(service, new(), options => options.ApiKey = key);

        var code = await CodeAsync(client.ClassifyAsync(Payload.RedPng));

        Assert.Equal(refused, code);
    }

    [Fact]
    public async Task Classify_ServiceIsFull_IsAnsweredWhenThereIsRoom()
    {
        await using var service = await Service.StartAsync(
            new() { ["Limits:MaxConcurrentRequests"] = "1" },
            GatedModel.Create(out var session)
        );
        var time = new FakeTimeProvider();
        using var patient = Direct(service, time);
        using var other = new SaccadeClient(service.Client());

        session.Hold();
        var first = other.ClassifyAsync(Payload.RedPng);
        await session.NextRunAsync();
        var second = patient.ClassifyAsync(Payload.RedPng);
        await TestTimeouts.UntilAsync(() => time.ArmedTimers == 2);
        session.Open();
        await first.Guarded();
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotEmpty((await second.Guarded()).Predictions);
    }

    private static async Task<Classification> ReadStrictlyAsync(Service service, string query)
    {
        using var response = await service.Client().PostAsync(query, Payload.Form(Payload.RedPng)).Guarded();
        var strict = new ClientJson(
            new JsonSerializerOptions(ClientJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow }
        );
        return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), strict.Classification)!;
    }

    // With the client's own retries, but without a network.
    private static SaccadeClient Direct(Service service, FakeTimeProvider time, Action<SaccadeClientOptions>? configure = null)
    {
        var options = new SaccadeClientOptions { Address = service.ClientOptions.BaseAddress };
        configure?.Invoke(options);
        return new(HttpSetup.Create(options, time, service.Server.CreateHandler()), options, time);
    }

    private static async Task<string?> CodeAsync(Task<Classification> answer)
    {
        try
        {
            await answer.Guarded();
            return null;
        }
        catch (SaccadeException refused)
        {
            return refused.Code;
        }
    }
}
