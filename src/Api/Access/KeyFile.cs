using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Api.Access;

/// <summary>Keys in a file of their own: <c>{"keys": [{"name": "shop", "sha256": "…", "role": "classify"}]}</c>.</summary>
internal sealed class KeyFile
{
    /// <summary>The keys.</summary>
    public required IReadOnlyList<KeyEntry> Keys { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or is no such file; the message has every mistake.</exception>
    public static IReadOnlyList<KeyEntry> Read(string path)
    {
        try
        {
            using var content = File.OpenRead(path);
            return Parse(content, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Parses what such a file holds.</summary>
    /// <param name="content">JSON.</param>
    /// <param name="path">What to call it.</param>
    /// <exception cref="InvalidDataException">It is no such file; the message has every mistake.</exception>
    public static IReadOnlyList<KeyEntry> Parse(Stream content, string path)
    {
        KeyFile? file;
        try
        {
            file = JsonSerializer.Deserialize(content, KeyFileJson.Default.KeyFile);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no file of keys: {e.Message}", e);
        }

        if (file?.Keys is not { } keys || keys.Any(static key => key is null))
            throw new InvalidDataException($"{path} is no file of keys: it needs an array 'keys' of objects.");
        string[] mistakes = [.. KeyEntry.Mistakes(keys, $"{path}: keys")];
        return mistakes.Length == 0 ? keys : throw new InvalidDataException(string.Join(' ', mistakes));
    }
}

/// <summary>The JSON of <see cref="KeyFile"/>. A misspelt member would be a limit that nobody keeps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true
)]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class KeyFileJson : JsonSerializerContext;
