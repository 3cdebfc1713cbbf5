using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Training.Prediction;

/// <summary>The file beside a result, <c>x.jsonl.run.json</c>: what it is of and, once it is complete, how much it holds.</summary>
/// <param name="Settings">What decides its rows.</param>
/// <param name="Shard">Which share of the images, as <c>i/n</c>.</param>
/// <param name="Inputs">All images of all shards as this run found them, each as often as it was named.</param>
public sealed record PredictionNote(PredictionSettings Settings, string Shard, NameSet Inputs)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The images that have a row; null until every image of the share has one.</summary>
    public NameSet? Rows { get; init; }

    /// <summary>Images of the share that were named again: they have one row all the same.</summary>
    public NameSet Repeats { get; init; }

    /// <summary>Of these, how many failed, by code; null until then.</summary>
    public IReadOnlyDictionary<string, long>? Failures { get; init; }

    /// <summary>Whether trying again would change nothing.</summary>
    internal bool HasOnlyLastingFailures => Failures is null || Failures.Keys.All(PredictionError.IsOfImages);

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static PredictionNote? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<PredictionNote>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes it, as a whole or not at all.</summary>
    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, Json));
}
