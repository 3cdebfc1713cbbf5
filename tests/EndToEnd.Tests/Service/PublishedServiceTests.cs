using System.Net;
using System.Text.Json;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Service;

[Collection(PublishedServiceCollection.Name)]
public sealed class PublishedServiceTests(PublishedService published)
{
    [Fact]
    public async Task Classify_EverySample_NamesAtLeastElevenOfTwelve()
    {
        await using var service = await published.StartReadyAsync();
        using var client = new HttpClient { BaseAddress = service.Address };

        var wrong = new List<string>();
        foreach (var sample in Samples.All)
        {
            var label = await BestLabelAsync(client, sample);
            if (Samples.Slug(label) != Samples.ClassOf(sample))
                wrong.Add($"{Path.GetFileName(sample)}: {label}");
        }

        Assert.Equal(12, Samples.All.Count);
        Assert.True(wrong.Count <= 1, string.Join("; ", wrong));
    }

    [Fact]
    public async Task Get_EveryPageOfTheContract_IsServed()
    {
        await using var service = await published.StartReadyAsync();
        using var client = new HttpClient { BaseAddress = service.Address };

        foreach (var path in new[] { "/health/live", "/health/ready", "/models", "/metrics", "/swagger/index.html", "/swagger/v1/swagger.json" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode}");
        }
    }

    private static async Task<string> BestLabelAsync(HttpClient client, string sample)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(sample)), "image", Path.GetFileName(sample));
        using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var body = JsonDocument.Parse(text);
        return body.RootElement.GetProperty("predictions")[0].GetProperty("label").GetString()!;
    }
}
