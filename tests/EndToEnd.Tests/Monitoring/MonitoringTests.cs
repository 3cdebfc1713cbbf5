using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Monitoring;

[Collection(PublishedServiceCollection.Name)]
public sealed partial class MonitoringTests(PublishedService published)
{
    private const string Requests = "saccade_request_duration_seconds_count";

    [ToolFact("prometheus")]
    public async Task Prometheus_OnARunningService_CountsItsRequests()
    {
        await using var service = await published.StartReadyAsync();
        await ClassifyAsync(service, Samples.One, 3);
        await using var prometheus = await PrometheusProcess.StartAsync(service.Address);

        await prometheus.WaitForAsync($"sum({Requests}) > 0");

        var total = Assert.Single(await prometheus.QueryAsync($"sum({Requests})")).GetProperty("value")[1].GetString();
        Assert.Equal(3, double.Parse(total!, CultureInfo.InvariantCulture));
    }

    [ToolFact("prometheus")]
    public async Task Dashboard_EveryQuery_HasDataFromARunningService()
    {
        await using var service = await published.StartReadyAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(service.Address);
        await using var load = TrackedLoad.Start(service.Address, Samples.One, clients: 2, endAtRefusal: false);

        // An image that does not decode: the panels of refusals have something to show.
        await ClassifyAsync(service, [0x89, (byte)'P', (byte)'N', (byte)'G'], 1);
        foreach (var (_, expression) in Dashboard.Queries)
            await prometheus.WaitForAsync(expression);
    }

    [ToolFact("prometheus")]
    public async Task Alerts_EveryMetric_IsExportedByARunningService()
    {
        await using var service = await published.StartReadyAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(service.Address);
        await ClassifyAsync(service, Samples.One, 1);
        await ClassifyAsync(service, [0], 1);
        await prometheus.WaitForAsync($"sum({Requests}) > 1");

        var rules = (await prometheus.GetAsync("/api/v1/rules"))
            .GetProperty("groups")
            .EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .ToList();
        var exported = (await prometheus.GetAsync("/api/v1/label/__name__/values"))
            .EnumerateArray()
            .Select(name => name.GetString()!)
            .ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(rules);
        foreach (var rule in rules)
        {
            var metrics = MetricName().Matches(rule.GetProperty("query").GetString()!).Select(match => match.Value).ToList();
            Assert.NotEmpty(metrics);
            Assert.All(metrics, metric => Assert.Contains(metric, exported));
        }
    }

    private static async Task ClassifyAsync(ServiceProcess service, byte[] image, int times)
    {
        using var client = new HttpClient { BaseAddress = service.Address };
        for (var i = 0; i < times; i++)
        {
            using var content = new ByteArrayContent(image);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), content);
        }
    }

    [GeneratedRegex(@"\b(?:saccade|dotnet|http|process)_\w+|\bup\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();
}
