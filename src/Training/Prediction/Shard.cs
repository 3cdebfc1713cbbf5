using System.Globalization;

namespace Saccade.Training.Prediction;

/// <summary>A share of the images, for one of several machines.</summary>
/// <remarks>
/// An image belongs to a shard by its name alone, so every machine decides for itself, and an image that is added or taken away while some
/// are at work moves no other to another shard.
/// </remarks>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">Of how many, at least 1.</param>
public sealed record Shard(int Index, int Count)
{
    /// <summary>All images.</summary>
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>Whether there are others.</summary>
    public bool IsPart => Count > 1;

    /// <summary>Reads <c>i/n</c>, i from 0 to n − 1; null if it is something else.</summary>
    public static Shard? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var index, var count] && Number(index) is { } i && Number(count) is { } n && i < n ? new(i, n) : null;

        static int? Number(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Whether an image is in it.</summary>
    /// <param name="name">The image's.</param>
    public bool Holds(string name) => !IsPart || NameHash.Of(name) % (ulong)Count == (ulong)Index;

    /// <summary>The file of this share of a result: <c>x.shard-3-of-8.jsonl</c> for <c>x.csv</c>.</summary>
    public string FileOf(string result) => IsPart ? $"{Path.ChangeExtension(result, null)}.shard-{Index}-of-{Count}.jsonl" : result;

    /// <inheritdoc/>
    public override string ToString() => $"{Index}/{Count}";
}
