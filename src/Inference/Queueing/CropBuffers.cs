using System.Collections.Concurrent;

namespace Saccade.Inference.Queueing;

/// <summary>Reused memory for single crops of one model, so that a steady load allocates nothing large.</summary>
internal sealed class CropBuffers(int cropBytes)
{
    private const long KeptBytes = 64L << 20;

    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly int _most = (int)Math.Max(1, KeptBytes / cropBytes);

    /// <summary>Bytes of one crop's input tensor.</summary>
    public int CropBytes => cropBytes;

    /// <summary>A buffer with whatever was in it last.</summary>
    public byte[] Rent() => _free.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(cropBytes);

    /// <summary>Takes a buffer back. After a burst the surplus goes to the garbage collector.</summary>
    public void Return(byte[] buffer)
    {
        if (_free.Count < _most) _free.Add(buffer);
    }
}
