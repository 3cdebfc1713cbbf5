namespace Saccade.Inference.Tests.Decoding;

/// <summary>How far apart two images are.</summary>
internal static class Difference
{
    /// <summary>The largest difference of a channel of a pixel.</summary>
    public static int Largest(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Assert.Equal(left.Length, right.Length);
        int largest = 0;
        for (int i = 0; i < left.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(left[i] - right[i]));
        }

        return largest;
    }

    /// <summary>The mean difference over all channels of all pixels.</summary>
    public static double Mean(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Assert.Equal(left.Length, right.Length);
        long sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += Math.Abs(left[i] - right[i]);
        }

        return (double)sum / left.Length;
    }
}
