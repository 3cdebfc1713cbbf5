using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Saccade.Api.Startup;

/// <summary>Memory that the server receives into, in blocks that hold a usual image.</summary>
/// <remarks>
/// The server's own blocks of 4 KiB take fifteen receive calls for a JPEG of 57 KB, each with a turn of its read loop: nearly half of what
/// a refusal costs (docs/decisions/0016). A connection that waits holds no block.
/// </remarks>
internal sealed class ReceiveBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockSize = 64 * 1024;

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        /// <inheritdoc/>
        public override int MaxBufferSize => Shared.MaxBufferSize;

        /// <inheritdoc/>
        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            // The shared pool outlives every server.
        }
    }
}
