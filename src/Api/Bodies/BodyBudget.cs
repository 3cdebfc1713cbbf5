using Microsoft.Extensions.Options;
using Saccade.Api.Limits;

namespace Saccade.Api.Bodies;

/// <summary>Memory that the bodies of all requests share. It is taken as bytes arrive, so that a slow body holds little of it.</summary>
internal sealed class BodyBudget(IOptions<LimitsOptions> limits)
{
    /// <summary>A body is read into an array that doubles, so it takes up to twice its length.</summary>
    private const int BytesPerByte = 2;

    private readonly long _capacity = limits.Value.BodyMemoryInForce();
    private long _taken;

    /// <summary>A share that grows with one body; dispose to give it back.</summary>
    public Share Open() => new(this);

    internal sealed class Share(BodyBudget budget) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes memory for bytes that have arrived; false if other bodies take it all.</summary>
        public bool TryGrow(int bytes)
        {
            var taken = (long)BytesPerByte * bytes;
            if (Interlocked.Add(ref budget._taken, taken) > budget._capacity)
            {
                Interlocked.Add(ref budget._taken, -taken);
                return false;
            }

            _bytes += taken;
            return true;
        }

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Add(ref budget._taken, -Interlocked.Exchange(ref _bytes, 0));
    }
}
