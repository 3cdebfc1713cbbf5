using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Saccade.Inference.Cropping;

/// <summary>The row pass: each output pixel is a weighted sum of neighbours in its row.</summary>
internal static class ResampleRows
{
    private const int Channels = 3;
    private const int Half = 1 << (ResampleWeights.Precision - 1);

    /// <summary>Resamples rows.</summary>
    /// <param name="source">The rows, and whatever follows them in the image.</param>
    /// <param name="sourceStride">Bytes from one source row to the next.</param>
    /// <param name="destination">Receives the rows, one after another.</param>
    /// <param name="rows">How many.</param>
    /// <param name="weights">Along a row.</param>
    public static void Run(ReadOnlySpan<byte> source, int sourceStride, Span<byte> destination, int rows, ResampleWeights weights)
    {
        int stride = weights.Count * Channels;
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, rows * sourceStride, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, rows * stride, nameof(destination));

        // Four bytes are loaded for the three of a pixel, which is one too many at the end of the image only.
        int wideRows = source.Length > rows * sourceStride ? rows : rows - 1;
        if (!Vector128.IsHardwareAccelerated)
        {
            wideRows = 0;
        }

        // Four rows share each weight. What lacks to a multiple of four is computed again rather than by other code.
        for (int row = 0; row < wideRows; row += 4)
        {
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(destination);
            nint second = Math.Min(row + 1, wideRows - 1);
            nint third = Math.Min(row + 2, wideRows - 1);
            nint fourth = Math.Min(row + 3, wideRows - 1);
            RunFour(
                ref Unsafe.Add(ref from, (nint)row * sourceStride),
                ref Unsafe.Add(ref from, second * sourceStride),
                ref Unsafe.Add(ref from, third * sourceStride),
                ref Unsafe.Add(ref from, fourth * sourceStride),
                ref Unsafe.Add(ref to, (nint)row * stride),
                ref Unsafe.Add(ref to, second * stride),
                ref Unsafe.Add(ref to, third * stride),
                ref Unsafe.Add(ref to, fourth * stride),
                weights
            );
        }

        for (int row = wideRows; row < rows; row++)
        {
            RunOne(source.Slice(row * sourceStride, sourceStride), destination.Slice(row * stride, stride), weights);
        }
    }

    private static void RunFour(
        ref byte from0,
        ref byte from1,
        ref byte from2,
        ref byte from3,
        ref byte to0,
        ref byte to1,
        ref byte to2,
        ref byte to3,
        ResampleWeights weights
    )
    {
        int last = weights.Count - 1;
        for (int output = 0; output <= last; output++)
        {
            ReadOnlySpan<int> taps = weights[output];
            nint offset = weights.First(output) * Channels;
            Vector128<int> sum0 = Vector128.Create(Half);
            Vector128<int> sum1 = sum0;
            Vector128<int> sum2 = sum0;
            Vector128<int> sum3 = sum0;
            foreach (int tap in taps)
            {
                Vector128<int> weight = Vector128.Create(tap);
                sum0 += Load(ref Unsafe.Add(ref from0, offset)) * weight;
                sum1 += Load(ref Unsafe.Add(ref from1, offset)) * weight;
                sum2 += Load(ref Unsafe.Add(ref from2, offset)) * weight;
                sum3 += Load(ref Unsafe.Add(ref from3, offset)) * weight;
                offset += Channels;
            }

            // Each pixel is stored with one byte of the next, which is stored after it; a row's last has no next.
            Vector128<uint> pixels = Vector128
                .Narrow(Vector128.Narrow(Clamp(sum0), Clamp(sum1)), Vector128.Narrow(Clamp(sum2), Clamp(sum3)))
                .AsUInt32();
            nint at = output * Channels;
            if (output < last)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to0, at), pixels.GetElement(0));
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to1, at), pixels.GetElement(1));
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to2, at), pixels.GetElement(2));
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to3, at), pixels.GetElement(3));
            }
            else
            {
                StoreThree(ref Unsafe.Add(ref to0, at), pixels.GetElement(0));
                StoreThree(ref Unsafe.Add(ref to1, at), pixels.GetElement(1));
                StoreThree(ref Unsafe.Add(ref to2, at), pixels.GetElement(2));
                StoreThree(ref Unsafe.Add(ref to3, at), pixels.GetElement(3));
            }
        }
    }

    private static void RunOne(ReadOnlySpan<byte> source, Span<byte> destination, ResampleWeights weights)
    {
        for (int output = 0; output < weights.Count; output++)
        {
            ReadOnlySpan<byte> pixels = source[(weights.First(output) * Channels)..];
            ReadOnlySpan<int> taps = weights[output];
            for (int channel = 0; channel < Channels; channel++)
            {
                int sum = Half;
                for (int tap = 0; tap < taps.Length; tap++)
                {
                    sum += pixels[(tap * Channels) + channel] * taps[tap];
                }

                destination[(output * Channels) + channel] = (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Load(ref byte pixel)
    {
        Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();
        return Sse41.IsSupported ? Sse41.ConvertToVector128Int32(bytes) : Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Clamp(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResampleWeights.Precision, Vector128<int>.Zero), Vector128.Create(255)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreThree(ref byte to, uint pixel)
    {
        Unsafe.WriteUnaligned(ref to, (ushort)pixel);
        Unsafe.Add(ref to, 2) = (byte)(pixel >> 16);
    }
}
