namespace Saccade.Inference.Classification;

/// <summary>How much memory decoded images may take that wait for a further round. Without room a request runs no further round.</summary>
internal sealed class DecodedImageBudget
{
    private const long MostBytes = 256L << 20;

    private long _bytes;

    /// <summary>Bytes kept now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Asks for room; whoever gets it gives it back with <see cref="Release"/>.</summary>
    public bool TryKeep(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= MostBytes)
            return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>The image is gone.</summary>
    public void Release(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
