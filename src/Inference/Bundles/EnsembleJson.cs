using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>Reads and writes <c>ensemble.json</c>.</summary>
public static class EnsembleJson
{
    /// <summary>File name of an ensemble inside its version's folder.</summary>
    public const string FileName = "ensemble.json";

    private const int MostMembers = 32;

    /// <summary>Whether a folder holds an ensemble.</summary>
    internal static bool IsIn(string folder) => BundleFiles.Exists(folder, FileName);

    /// <summary>Reads the definition in a folder.</summary>
    /// <exception cref="InvalidDataException">It is not sound, or the folder holds a model too.</exception>
    internal static EnsembleDefinition ReadFrom(string folder)
    {
        if (BundleFiles.Exists(folder, BundleFiles.ModelFile))
        {
            throw new InvalidDataException(
                $"The folder holds {FileName} and {BundleFiles.ModelFile}; a version is an ensemble or a model."
            );
        }

        return Read(BundleFiles.ReadJson(BundleFiles.Find(folder, FileName) ?? throw new InvalidDataException($"There is no {FileName}.")));
    }

    /// <summary>Reads and checks a definition.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <exception cref="InvalidDataException">It is no JSON, lacks a field, or contradicts itself; the message lists every
    /// contradiction.</exception>
    public static EnsembleDefinition Read(ReadOnlySpan<byte> utf8)
    {
        EnsembleDefinition definition;
        try
        {
            definition =
                JsonSerializer.Deserialize(utf8, EnsembleJsonContext.Default.EnsembleDefinition)
                ?? throw new InvalidDataException($"{FileName} is empty.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{FileName} cannot be read: {error.Message}", error);
        }

        string[] problems = [.. Problems(definition)];
        return problems.Length == 0 ? definition : throw new InvalidDataException($"{FileName} is not valid: {string.Join(" ", problems)}");
    }

    /// <summary>The file's content, indented, as UTF-8.</summary>
    public static byte[] Write(EnsembleDefinition definition) =>
        JsonSerializer.SerializeToUtf8Bytes(definition, EnsembleJsonContext.Default.EnsembleDefinition);

    private static IEnumerable<string> Problems(EnsembleDefinition definition)
    {
        var members = definition.Members;
        if (members.Count is 0 or > MostMembers)
            yield return $"members must be 1 to {MostMembers}.";
        if (members.Any(member => member.Model.Length == 0))
            yield return "members: model must not be empty.";
        if (members.Any(member => !double.IsFinite(member.Weight) || member.Weight <= 0))
            yield return "members: weight must be positive.";
        if (members.Any(member => member.Version is { } version && !ModelRepository.TryParseVersion(version, out _)))
            yield return "members: version must be a whole number, as text.";
        foreach (var twice in members.GroupBy(member => (member.Model, member.Version)).Where(group => group.Count() > 1))
            yield return $"members: '{twice.Key.Model}' is there twice; give it a weight instead.";
        foreach (var problem in definition.EarlyExit?.Problems(definition.MemberNames) ?? [])
            yield return problem;
    }
}

/// <summary>Serialisation code for ensembles, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(EnsembleDefinition))]
internal sealed partial class EnsembleJsonContext : JsonSerializerContext;
