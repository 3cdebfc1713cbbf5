using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>The engine with one session that computes one crop at a time, when the test lets it, by the test's clock.</summary>
internal static class GatedEngine
{
    /// <summary>Starts it and loads the models.</summary>
    /// <param name="session">Computes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="settings">What else is configured.</param>
    public static Task<EngineHost> StartAsync(GatedModelSession session, TimeProvider time, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Models:Path"] = TestModels.Path,
            ["Execution:Provider"] = "Cpu",
            ["Execution:Sessions"] = "1",
            ["Execution:IntraOpThreads"] = "1",
            ["Batching:MaxBatchSize"] = "1",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return EngineHost.StartLoadedAsync(
            all,
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session).AddSingleton(time)
        );
    }
}
