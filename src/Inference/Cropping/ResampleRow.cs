using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Saccade.Inference.Cropping;

/// <summary>The row pass: each output pixel is a weighted sum of neighbours in one row.</summary>
internal static class ResampleRow
{
    private const int Channels = 3;

    public static void Run(ReadOnlySpan<byte> source, Span<byte> destination, ResampleWeights weights)
    {
        ref byte pixels = ref MemoryMarshal.GetReference(source);
        int lastLoad = source.Length - sizeof(uint);
        for (int output = 0; output < weights.Count; output++)
        {
            ReadOnlySpan<int> taps = weights[output];
            int offset = weights.First(output) * Channels;

            // Four bytes are loaded for the three of a pixel; the row's last pixel has no fourth.
            int wide = Math.Clamp((lastLoad - offset + Channels) / Channels, 0, taps.Length);
            Vector128<int> sum = Vector128.Create(1 << (ResampleWeights.Precision - 1));
            for (int tap = 0; tap < wide; tap++, offset += Channels)
            {
                uint rgb = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixels, offset));
                sum += Widen(rgb) * taps[tap];
            }

            for (int tap = wide; tap < taps.Length; tap++, offset += Channels)
            {
                sum += Vector128.Create(source[offset], source[offset + 1], source[offset + 2], 0) * taps[tap];
            }

            Vector128<int> value = Vector128.Min(Vector128.Max(sum >> ResampleWeights.Precision, Vector128<int>.Zero), Vector128.Create(255));
            Span<byte> pixel = destination.Slice(output * Channels, Channels);
            pixel[0] = (byte)value[0];
            pixel[1] = (byte)value[1];
            pixel[2] = (byte)value[2];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint rgb) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(rgb).AsByte())).AsInt32();
}
