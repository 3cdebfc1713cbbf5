using System.Net;
using System.Text.Json;
using Saccade.Client;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Service;

[Collection(PublishedServiceCollection.Name)]
public sealed class PublishedServiceTests(PublishedService published)
{
    [Fact]
    public async Task Classify_EverySample_NamesAtLeastElevenOfTwelve()
    {
        await using var service = await published.StartReadyAsync();
        using var client = new SaccadeClient(new SaccadeClientOptions { Address = service.Address });

        var wrong = new List<string>();
        await foreach (var result in client.ClassifyBatchAsync(Samples.All.Select(ImageSource.FromFile)))
        {
            var label = result.Answer?.Best.Label ?? $"{result.Failure}";
            if (Samples.Slug(label) != Samples.ClassOf(result.Image.Name!))
                wrong.Add($"{Path.GetFileName(result.Image.Name)}: {label}");
        }

        Assert.Equal(12, Samples.All.Count);
        Assert.True(wrong.Count <= 1, string.Join("; ", wrong));
    }

    /// <summary>What the readme shows, of every sample: the shipped ensemble looks until it is sure and says how often it looked.</summary>
    [Fact]
    public async Task Classify_EnsembleByAuto_NamesSamplesAndSaysWhyItStopped()
    {
        await using var service = await published.StartReadyAsync();
        using var client = new HttpClient { BaseAddress = service.Address };

        var right = 0;
        foreach (var sample in Samples.All)
        {
            using var body = await ClassifyAsync(client, sample, "/classify?model=fashion-ensemble&crops=auto");
            var crops = body.RootElement.GetProperty("crops");
            Assert.InRange(crops.GetProperty("used").GetInt32(), 1, 6);
            Assert.Contains(crops.GetProperty("stopReason").GetString(), new[] { "confident", "exhausted" });
            Assert.Contains("fashion", body.RootElement.GetProperty("members").EnumerateArray().Select(member => member.GetString()));
            if (Samples.Slug(Best(body)) == Samples.ClassOf(sample))
                right++;
        }

        Assert.InRange(right, 11, 12);
    }

    [Fact]
    public async Task Get_EveryPageOfTheContract_IsServed()
    {
        await using var service = await published.StartReadyAsync();
        using var client = new HttpClient { BaseAddress = service.Address };

        foreach (
            var path in new[]
            {
                "/",
                "/health/live",
                "/health/ready",
                "/models",
                "/metrics",
                "/swagger/index.html",
                "/swagger/v1/swagger.json",
            }
        )
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode}");
        }
    }

    private static async Task<JsonDocument> ClassifyAsync(HttpClient client, string sample, string address)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(sample)), "image", Path.GetFileName(sample));
        using var answer = await client.PostAsync(new Uri(address, UriKind.Relative), form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }

    private static string Best(JsonDocument answer) => answer.RootElement.GetProperty("predictions")[0].GetProperty("label").GetString()!;
}
