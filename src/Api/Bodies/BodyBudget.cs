using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Bodies;

/// <summary>Memory that the bodies of all requests share. It is taken as bytes arrive, so that a slow body holds little of it.</summary>
internal sealed class BodyBudget
{
    /// <summary>A body is read into an array that doubles, and a message of gRPC is copied, so either takes up to twice its
    /// length.</summary>
    private const int BytesPerByte = 2;

    private readonly OverloadNotice _notice;
    private readonly long _capacity;
    private long _taken;

    public BodyBudget(IOptions<LimitsOptions> limits, TimeProvider time, ILogger<BodyBudget> logger)
    {
        _capacity = limits.Value.BodyMemoryInForce();
        _notice = new OverloadNotice(time, refused => Log.BodiesTakeAllMemory(logger, refused, _capacity));
    }

    /// <summary>A share that grows with one body; dispose to give it back.</summary>
    public Share Open() => new(this);

    /// <summary>What is said to a request whose body found no memory. Counted.</summary>
    public Refusal Refused()
    {
        _notice.Refused();
        return Refusal.Of(ApiFailure.TooManyRequests, "The bodies of other requests take all memory.");
    }

    /// <summary>What one body takes. For one reader at a time.</summary>
    internal sealed class Share(BodyBudget budget) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes memory for bytes that have arrived; false if other bodies take it all.</summary>
        public bool TryGrow(long bytes)
        {
            var taken = BytesPerByte * bytes;
            if (Interlocked.Add(ref budget._taken, taken) > budget._capacity)
            {
                Interlocked.Add(ref budget._taken, -taken);
                return false;
            }

            _bytes += taken;
            return true;
        }

        /// <summary>Gives back the memory of bytes that nobody holds any more.</summary>
        public void Shrink(long bytes)
        {
            _bytes -= BytesPerByte * bytes;
            Interlocked.Add(ref budget._taken, -BytesPerByte * bytes);
        }

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Add(ref budget._taken, -Interlocked.Exchange(ref _bytes, 0));
    }
}
