using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Execution.Sessions;

namespace Saccade.Api.Tests.Support;

/// <summary>Puts a network into the engine that a test holds by the hand.</summary>
internal static class GatedModel
{
    /// <summary>One whose runs wait from the first request on; loading and warming up pass.</summary>
    public static Action<IServiceCollection> Create(out GatedModelSession session)
    {
        var gated = session = new GatedModelSession();
        return services => services.AddSingleton<ModelSessionFactory>((_, _) => gated);
    }
}
