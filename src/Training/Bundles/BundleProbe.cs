using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Training.Onnx;

namespace Saccade.Training.Bundles;

/// <summary>
/// <c>probe.json</c>: what a bundle answered to made-up images that anyone can make again, through its own preprocessing. The service does
/// not read it; <see cref="BundleVerification"/> computes it again.
/// </summary>
/// <param name="Format">1.</param>
/// <param name="Images">How many of <see cref="ProbeImages"/>, the first ones.</param>
/// <param name="ImagesSha256">SHA-256 of their pixels, RGB, one image after the other.</param>
/// <param name="CropsSha256">
/// SHA-256 of their centre crops before normalisation, bytes [images, 3, H, W] in the tensor's channel order: resize, filter, crop and
/// channel order to the bit.
/// </param>
/// <param name="ModelSha256">SHA-256 of the <c>model.onnx</c> that answered.</param>
/// <param name="Logits">That graph's answers, [images, classes], 32-bit floats, row-major, little-endian, as base64.</param>
/// <param name="Trained">The trained network's answers, likewise; null where only the bundle was at hand.</param>
public sealed record BundleProbe(
    int Format,
    int Images,
    string ImagesSha256,
    string CropsSha256,
    string ModelSha256,
    byte[] Logits,
    byte[]? Trained = null
)
{
    /// <summary>File name inside a bundle.</summary>
    public const string FileName = "probe.json";

    private const int CurrentFormat = 1;
    private const int DefaultImages = 4;
    private const int MostImages = 64;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Asks a bundle.</summary>
    /// <param name="model">The content of <c>model.onnx</c>.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="trained">From crops [images, 3, H, W] as <see cref="Pixels"/> says to the trained network's logits; null where it is
    /// not at hand.</param>
    /// <param name="images">How many images, 1 to 64.</param>
    internal static BundleProbe Of(byte[] model, ModelManifest manifest, Func<float[], float[]>? trained = null, int images = DefaultImages)
    {
        var source = new ProbeImages(manifest.Input.Height, images);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var index = 0; index < images; index++)
        {
            using var image = source.Load(index);
            hash.AppendData(image.Pixels);
        }

        float[] crops = [.. CentreCrops.Of(source, images, manifest).SelectMany(pixels => pixels)];

        // Without optimisation integers are computed as floats between the conversions: the same on every processor.
        using var runner = new OnnxRunner(model, optimise: false);
        return new(
            CurrentFormat,
            images,
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            Convert.ToHexStringLower(SHA256.HashData(Array.ConvertAll(crops, value => (byte)value))),
            Convert.ToHexStringLower(SHA256.HashData(model)),
            Bytes(runner.Run(ParityCheck.Feed(runner, crops, manifest.Preprocessing))),
            trained is null ? null : Bytes(trained(crops))
        );
    }

    /// <summary>Reads the file's content.</summary>
    /// <exception cref="InvalidDataException">It is no probe that this code can compute again.</exception>
    internal static BundleProbe Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<BundleProbe>(utf8, Json) is { Format: CurrentFormat, Images: >= 1 and <= MostImages } probe
                ? probe
                : throw new InvalidDataException($"{FileName} is of another format than {CurrentFormat}, or of no images.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{FileName} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The file's content, as UTF-8.</summary>
    internal byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>Logits as numbers.</summary>
    internal static float[] Floats(byte[] logits) => MemoryMarshal.Cast<byte, float>(logits).ToArray();

    private static byte[] Bytes(float[] logits) => MemoryMarshal.AsBytes<float>(logits).ToArray();
}
