using Saccade.Api.Errors;
using Saccade.Inference;

namespace Saccade.Api.Shutdown;

/// <summary>
/// The door to the engine. Counts the accepted requests inside; once closed it refuses new ones with 503 and reports when the last has
/// left.
/// </summary>
internal sealed class DrainGate : IEndpointFilter, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private int _inside;
    private volatile bool _closed; // written under the lock; read by every response without it

    /// <summary>True once <see cref="Close"/> was called.</summary>
    public bool IsClosed => _closed;

    /// <summary>Cancelled when <see cref="Close"/> is called: for streams, which would else never leave.</summary>
    public CancellationToken Closed => _closing.Token;

    /// <summary>Accepted requests that have no answer yet.</summary>
    public int Inside
    {
        get
        {
            lock (_lock)
                return _inside;
        }
    }

    /// <summary>Refuses everyone from now on.</summary>
    /// <returns>Completes when the last accepted request has left.</returns>
    public Task Close()
    {
        lock (_lock)
        {
            _closed = true;
            if (_inside == 0)
                _empty.TrySetResult();
        }

        _closing.Cancel();
        return _empty.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _closing.Dispose();

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!TryEnter())
            return new RefusalResult(Refusal.Of(ClassifyFailure.ShuttingDown, "The service is stopping and takes no new work."));

        try
        {
            // The answer is written in here too: a request counts as inside until its last byte is handed to the server.
            if (await next(context) is IResult result)
                await result.ExecuteAsync(context.HttpContext);
            return Results.Empty;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Counts a request in, unless the door is closed; who was let in must <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _inside++;
            return true;
        }
    }

    /// <summary>Counts a request out.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            if (_closed && _inside == 0)
                _empty.TrySetResult();
        }
    }
}
