using System.Buffers;

namespace Saccade.Inference.Decoding;

/// <summary>Pixel arrays, rented so that the steady state allocates nothing large.</summary>
internal static class PixelBuffer
{
    /// <summary>Larger arrays are left to the garbage collector: a pool would hold on to a rare giant's memory.</summary>
    private const int LargestPooled = 1 << 26;

    public static byte[] Rent(int length) =>
        length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
