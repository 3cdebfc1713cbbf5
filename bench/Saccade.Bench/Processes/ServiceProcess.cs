using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Saccade.Bench.Processes;

/// <summary>The published service, run as its image runs it, on a port of 127.0.0.1 that the system chooses or one it is told.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    /// <summary>For services that are measured loading models; nobody else reaches them.</summary>
    public const string AdminKey = "only-for-this-measurement";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private ServiceProcess(ChildProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts the service and waits until it listens.</summary>
    /// <param name="published">Folder of the published service.</param>
    /// <param name="settings">Configuration by environment variable name (<c>Models__Path</c>).</param>
    /// <param name="cores">Mask of the cores that it may use; null means all.</param>
    /// <param name="network">Name of the network namespace that it runs in; null means this process's.</param>
    public static async Task<ServiceProcess> StartAsync(
        string published,
        IReadOnlyDictionary<string, string?> settings,
        ulong? cores = null,
        string? network = null
    )
    {
        var process = Launch(published, settings, cores, network);
        try
        {
            var listening = await process.WaitForOutputAsync(ListeningLine(), StartLimit);
            return new ServiceProcess(process, new Uri(listening.Value));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the service, waits until it listens and its models are ready.</summary>
    /// <inheritdoc cref="StartAsync" path="/param"/>
    public static async Task<ServiceProcess> StartReadyAsync(
        string published,
        IReadOnlyDictionary<string, string?> settings,
        ulong? cores = null,
        string? network = null
    )
    {
        var service = await StartAsync(published, settings, cores, network);
        try
        {
            await service.WaitUntilReadyAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the service without waiting for anything.</summary>
    /// <inheritdoc cref="StartAsync" path="/param"/>
    public static ChildProcess Launch(
        string published,
        IReadOnlyDictionary<string, string?> settings,
        ulong? cores = null,
        string? network = null
    )
    {
        var environment = new Dictionary<string, string?>(settings, StringComparer.Ordinal)
        {
            // The Dockerfile's ENV, the one that changes how the service runs.
            ["Execution__Niceness"] = settings.GetValueOrDefault("Execution__Niceness", "10"),
            ["ASPNETCORE_URLS"] = settings.GetValueOrDefault("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ["ASPNETCORE_HTTP_PORTS"] = null,
            ["DOTNET_ENVIRONMENT"] = null,
            ["ASPNETCORE_ENVIRONMENT"] = null,
            // The line with the port must appear whatever the level of the rest.
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        };
        string[] command = ["dotnet", Path.Combine(published, "Saccade.Api.dll")];
        if (cores is { } mask)
            command = ["taskset", mask.ToString("x", CultureInfo.InvariantCulture), .. command];
        if (network is not null)
            command = ["ip", "netns", "exec", network, .. command];
        return ChildProcess.Start(command[0], command[1..], published, environment);
    }

    /// <summary>Polls readiness.</summary>
    /// <exception cref="TimeoutException">Not ready in time; the message holds the service's output.</exception>
    public async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.StatusCode == HttpStatusCode.OK;
            },
            StartLimit,
            () => Process.Output
        );
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    [GeneratedRegex(@"http://[0-9.]+:[1-9]\d*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();
}
