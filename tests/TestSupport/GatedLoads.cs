using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Execution.Sessions;

namespace Saccade.TestSupport;

/// <summary>Gives every load of a model one session, which the test holds by the hand.</summary>
public sealed class GatedLoads
{
    private readonly Lock _gate = new();
    private readonly List<GatedModelSession> _opened = [];

    /// <summary>Called with each session before it is used, and its number, from 0.</summary>
    public Action<GatedModelSession, int>? Opening { get; set; }

    /// <summary>In the order of loading.</summary>
    public GatedModelSession this[int load]
    {
        get
        {
            lock (_gate)
                return _opened[load];
        }
    }

    /// <summary>Loads so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _opened.Count;
        }
    }

    /// <summary>Starts an engine over these sessions, one run at a time each, with what is in <paramref name="models"/> loaded.</summary>
    public Task<EngineHost> StartAsync(TempModels models, Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var all = new Dictionary<string, string?>(models.Settings) { ["Execution:Sessions"] = "1", ["Execution:IntraOpThreads"] = "1" };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;
        return EngineHost.StartLoadedAsync(
            all,
            services =>
            {
                Register(services);
                if (time is not null)
                    services.AddSingleton(time);
            }
        );
    }

    /// <summary>Has an engine open its sessions here; it must be set to one run at a time of one thread.</summary>
    public void Register(IServiceCollection services) => services.AddSingleton<ModelSessionFactory>((_, _) => Open());

    private GatedModelSession Open()
    {
        var session = new GatedModelSession();
        int load;
        lock (_gate)
        {
            load = _opened.Count;
            _opened.Add(session);
        }

        Opening?.Invoke(session, load);
        return session;
    }
}
