namespace Saccade.Training;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): a small generator whose stream is fixed by its seed for ever, unlike
/// <see cref="Random"/>'s, which a runtime may change. Any number of coordinates make a seed, so each sample of each epoch has
/// a stream of its own and no order of threads can alter it.
/// </summary>
public struct SplitMix64
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Starts the stream of a seed.</summary>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>Makes a stream from coordinates, such as run seed, epoch and sample.</summary>
    public static SplitMix64 At(params ReadOnlySpan<long> coordinates) => new(Mix(coordinates));

    /// <summary>Hashes coordinates to one seed.</summary>
    public static ulong Mix(params ReadOnlySpan<long> coordinates)
    {
        var hash = 0UL;
        foreach (var coordinate in coordinates)
            hash = Scramble((hash ^ (ulong)coordinate) + GoldenGamma);
        return hash;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Scramble(_state += GoldenGamma);

    /// <summary>A whole number in [0, <paramref name="bound"/>), by multiplication of the upper 32 bits; the bias is below 2⁻³².</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(((Next() >> 32) * (ulong)bound) >> 32);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>0 … <paramref name="count"/> − 1 in random order (Fisher–Yates from the end).</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        for (var i = count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
