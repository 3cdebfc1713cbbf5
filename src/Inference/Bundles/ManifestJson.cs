using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>Reads and writes <c>manifest.json</c>.</summary>
public static class ManifestJson
{
    /// <summary>File name of a manifest inside a bundle.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <exception cref="InvalidDataException">It is no JSON, lacks a field, or contradicts itself; the message lists every
    /// contradiction.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> utf8)
    {
        ModelManifest manifest;
        try
        {
            manifest =
                JsonSerializer.Deserialize(utf8, ManifestJsonContext.Default.ModelManifest)
                ?? throw new InvalidDataException($"{FileName} is empty.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{FileName} cannot be read: {error.Message}", error);
        }

        var problems = ManifestRules.Check(manifest);
        return problems.Count == 0 ? manifest : throw new InvalidDataException($"{FileName} is not valid: {string.Join(" ", problems)}");
    }

    /// <summary>The file's content, indented, as UTF-8.</summary>
    public static byte[] Write(ModelManifest manifest) =>
        JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJsonContext.Default.ModelManifest);
}

/// <summary>Serialisation code for the manifest, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ManifestJsonContext : JsonSerializerContext;
