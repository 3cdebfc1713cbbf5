using System.Text.Json;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Saccade.EndToEnd.Tests.Monitoring;

/// <summary>The real Prometheus on the shipped configuration and alert rules; only the discovery of the replicas is the test's.</summary>
public sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private PrometheusProcess(TemporaryFolder folder, ChildProcess process, Uri address)
    {
        _folder = folder;
        _process = process;
        _client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Starts Prometheus on services and waits until it answers.</summary>
    public static async Task<PrometheusProcess> StartAsync(params Uri[] services)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Checkout.PathOf("deploy", "prometheus")))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        ReplaceDiscovery(folder.PathOf("prometheus.yml"), services);

        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ChildProcess.Start(
            Tools.Path("prometheus"),
            [
                $"--config.file={folder.PathOf("prometheus.yml")}",
                $"--storage.tsdb.path={folder.PathOf("data")}",
                $"--web.listen-address={address.Authority}",
                "--enable-feature=exemplar-storage",
            ]
        );
        var prometheus = new PrometheusProcess(folder, process, address);
        try
        {
            await Eventually.TrueAsync(prometheus.IsReadyAsync, TimeSpan.FromMinutes(1), () => process.Output);
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The result vector of an instant query.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refused the query.</exception>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression)
    {
        var answer = await GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(expression));
        return [.. answer.GetProperty("result").EnumerateArray()];
    }

    /// <summary>Asks until the query has a result.</summary>
    public Task WaitForAsync(string expression) =>
        Eventually.TrueAsync(
            async () => (await QueryAsync(expression)).Count > 0,
            TimeSpan.FromMinutes(1),
            () => $"No result for {expression}\n{_process.Output}"
        );

    /// <summary>The data of any answer of the HTTP API.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text).GetProperty("data")
            : throw new InvalidOperationException($"{path}: {text}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Terminate();
            await _process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        }

        await _process.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    private static void ReplaceDiscovery(string path, Uri[] services)
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(path))
            yaml.Load(reader);
        var job = (YamlMappingNode)yaml.Documents[0].RootNode["scrape_configs"][0];
        Assert.True(job.Children.Remove("dns_sd_configs"));
        job.Add(
            "static_configs",
            new YamlSequenceNode(
                new YamlMappingNode("targets", new YamlSequenceNode(services.Select(service => new YamlScalarNode(service.Authority))))
            )
        );
        using var writer = File.CreateText(path);
        yaml.Save(writer, assignAnchors: false);
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"prometheus ended: {_process.Output}");
        try
        {
            using var answer = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
