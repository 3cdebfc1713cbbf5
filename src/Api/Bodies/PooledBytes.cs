using System.Buffers;

namespace Saccade.Api.Bodies;

/// <summary>Bytes of a body in rented memory; dispose to give it back.</summary>
internal sealed class PooledBytes : IDisposable
{
    // A declared length is believed up to here; beyond, memory is taken as bytes really arrive, which is when the budget of all bodies
    // counts them.
    private const int LargestFirstRent = 32 * 1024;

    private byte[]? _array;

    private PooledBytes(int capacity) => _array = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How many bytes there are.</summary>
    public int Length { get; set; }

    /// <summary>The bytes. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => Array.AsMemory(0, Length);

    /// <summary>The whole rented array; the bytes are its first <see cref="Length"/>.</summary>
    public byte[] Array => _array ?? throw new ObjectDisposedException(nameof(PooledBytes));

    /// <summary>Reads <paramref name="source"/> to its end.</summary>
    /// <param name="source">Bounded by its owner: there is no limit here.</param>
    /// <param name="expected">Its length, if declared.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<PooledBytes> ReadAsync(Stream source, long? expected, CancellationToken cancellationToken)
    {
        // One more than declared, so that the read that finds the end needs no larger array.
        var bytes = new PooledBytes((int)Math.Min(expected + 1 ?? LargestFirstRent, LargestFirstRent));
        try
        {
            int read;
            while ((read = await source.ReadAsync(bytes.Room(), cancellationToken)) > 0)
                bytes.Length += read;
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Rents <paramref name="capacity"/> bytes, or more, for the caller to fill through <see cref="Array"/> and
    /// <see cref="Length"/>.</summary>
    public static PooledBytes Rent(int capacity) => new(capacity);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_array is not { } array)
            return;

        _array = null;
        ArrayPool<byte>.Shared.Return(array);
    }

    private Memory<byte> Room()
    {
        if (Length == Array.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(2 * Length));
            Array.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(Array);
            _array = larger;
        }

        return Array.AsMemory(Length);
    }
}
