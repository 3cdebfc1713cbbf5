using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Saccade.Inference.Models;

namespace Saccade.Api.Tests.Support;

/// <summary>The whole service in this process, with the real engine and the fixture model <c>colors</c>.</summary>
public sealed class Service : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection>? _configure;

    private Service(Dictionary<string, string?>? settings, Action<IServiceCollection>? configure) =>
        (_settings, _configure) = (settings ?? [], configure);

    /// <summary>For tests that change what is served.</summary>
    public const string AdminKey = "correct horse battery staple";

    public LogSink Logs { get; } = new();

    /// <summary>Starts it in memory and waits for its models.</summary>
    public static async Task<Service> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var service = Unloaded(settings, configure);
        await service.LoadedAsync();
        return service;
    }

    /// <summary>Starts it in memory, models or not.</summary>
    public static Service Unloaded(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var service = new Service(settings, configure);
        service.Start(static service => _ = service.Server);
        return service;
    }

    /// <summary>Starts it on a real port of the loopback interface and waits for its models.</summary>
    public static async Task<Service> ListenAsync(
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null
    )
    {
        // By setting, not by UseKestrel(0): the factory puts that port in while the service may already be starting.
        var service = new Service(new(settings ?? []) { ["urls"] = "http://127.0.0.1:0" }, configure);
        service.UseKestrel();
        service.Start(static service => service.StartServer());
        await service.LoadedAsync();
        return service;
    }

    public Task LoadedAsync() => Services.GetRequiredService<ModelCatalog>().Loaded.Guarded();

    /// <summary>A client that checks of every response what holds for all of them.</summary>
    public HttpClient Client(bool mayFail = false)
    {
        var client = CreateDefaultClient(new ResponseRules(Services, mayFail));
        client.Timeout = TestTimeouts.Guard;
        return client;
    }

    /// <summary>The same, with <see cref="AdminKey"/>.</summary>
    public HttpClient AdminClient()
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        return client;
    }

    private void Start(Action<Service> start)
    {
        try
        {
            start(this);
        }
        catch (Exception e) when (Logs.Entries.FirstOrDefault(entry => entry.Id.Name == "CannotStart") is { } reason)
        {
            throw new InvalidOperationException(reason.Message, e);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Logging:LogLevel:Default", "Debug");
        builder.UseSetting("Models:Path", TestModels.Path);
        builder.UseSetting("Execution:Sessions", "1");
        builder.UseSetting("Shutdown:RefusalPeriod", "00:00:00");
        // Beside other tests the compiler never rests.
        builder.UseSetting("WarmUp:Limit", "00:00:00");
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs));
        if (_configure is not null)
            builder.ConfigureTestServices(_configure);
    }
}
