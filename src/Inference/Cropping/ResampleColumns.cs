using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Saccade.Inference.Cropping;

/// <summary>The column pass: an output row is a weighted sum of whole rows, byte by byte.</summary>
internal static class ResampleColumns
{
    private const int Half = 1 << (ResampleWeights.Precision - 1);

    public static void Run(ReadOnlySpan<byte> rows, int stride, Span<byte> destination, ReadOnlySpan<int> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, stride * weights.Length, nameof(rows));
        ref byte source = ref MemoryMarshal.GetReference(rows);
        int column = 0;
        for (; column <= destination.Length - Vector128<byte>.Count; column += Vector128<byte>.Count)
        {
            Vector256<int> low = Vector256.Create(Half);
            Vector256<int> high = low;
            ref byte pixels = ref Unsafe.Add(ref source, column);
            foreach (int weight in weights)
            {
                Vector256<ushort> wide = Vector256.WidenLower(Vector128.LoadUnsafe(ref pixels).ToVector256Unsafe());
                (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(wide);
                low += first.AsInt32() * weight;
                high += second.AsInt32() * weight;
                pixels = ref Unsafe.Add(ref pixels, stride);
            }

            Vector256<ushort> packed = Vector256.Narrow(Clamp(low), Clamp(high));
            Vector128.Narrow(packed.GetLower(), packed.GetUpper()).CopyTo(destination[column..]);
        }

        for (; column < destination.Length; column++)
        {
            int sum = Half;
            for (int tap = 0; tap < weights.Length; tap++)
            {
                sum += rows[(tap * stride) + column] * weights[tap];
            }

            destination[column] = (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Clamp(Vector256<int> sum) =>
        Vector256.Min(Vector256.Max(sum >> ResampleWeights.Precision, Vector256<int>.Zero), Vector256.Create(255)).AsUInt32();
}
