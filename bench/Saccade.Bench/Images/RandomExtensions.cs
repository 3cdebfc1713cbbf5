namespace Saccade.Bench.Images;

/// <summary>Bulk random numbers.</summary>
internal static class RandomExtensions
{
    /// <summary>Fills with numbers in −2…2, the range of a normalised image.</summary>
    public static void NextFloats(this Random random, Span<float> values)
    {
        foreach (ref var value in values)
            value = (random.NextSingle() * 4) - 2;
    }
}
