using System.Buffers.Binary;

namespace Saccade.Bench.Cache;

/// <summary>One JPEG as many: each has a comment of its own, so that no two have the same bytes and all cost the same to read.</summary>
/// <param name="jpeg">The image.</param>
internal sealed class NumberedImages(byte[] jpeg)
{
    private const int StartOfImage = 2;

    private int _last;

    /// <summary>One that was never sent before.</summary>
    public byte[] Fresh()
    {
        // COM, its length with the two bytes of the length itself, and the number.
        byte[] comment = [0xFF, 0xFE, 0, 6, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(comment.AsSpan(4), ++_last);
        return [.. jpeg[..StartOfImage], .. comment, .. jpeg[StartOfImage..]];
    }

    /// <summary>What clients send of whom some are interested in the same: a part of the requests is for one of a few images, the rest for
    /// images that come once.</summary>
    /// <param name="count">How many requests.</param>
    /// <param name="repeats">That part, 0…1.</param>
    /// <param name="popular">How many such images there are.</param>
    /// <param name="seed">Which of the many orders.</param>
    public IEnumerable<byte[]> Mixed(int count, double repeats, int popular, int seed)
    {
        var random = new Random(seed);
        byte[][] favourites = [.. Enumerable.Range(0, popular).Select(_ => Fresh())];
        for (var i = 0; i < count; i++)
            yield return random.NextDouble() < repeats ? favourites[random.Next(popular)] : Fresh();
    }
}
