using Microsoft.Extensions.Options;
using Saccade.Inference.Scheduling;

namespace Saccade.Api.Parameters;

/// <summary>Bounds the reading of a body by the request's deadline. From there on the engine keeps it.</summary>
internal sealed class RequestDeadline(IOptions<BatchingOptions> batching, TimeProvider clock)
{
    /// <summary>A source that is cancelled when <paramref name="asked"/>, or else the configured default, is over.</summary>
    public CancellationTokenSource Start(TimeSpan? asked) => new(asked ?? batching.Value.DefaultDeadline, clock);
}
