namespace Saccade.Inference.Looks;

/// <summary>How much memory decoded pictures may take that wait for a further round. Without room a request looks no further.</summary>
internal sealed class KeptPictures
{
    private const long MostBytes = 256L << 20;

    private long _bytes;

    /// <summary>Bytes kept now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Asks for room; whoever gets it gives it back with <see cref="Release"/>.</summary>
    public bool TryKeep(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= MostBytes) return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>The picture is gone.</summary>
    public void Release(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
