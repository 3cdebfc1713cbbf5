using System.Text.Json.Serialization;

namespace Saccade.Training.Prediction;

/// <summary>The columns of a result in Parquet.</summary>
internal sealed class ParquetRow
{
    /// <summary>The image's name.</summary>
    [JsonPropertyName("path")]
    public string Path { get; init; } = "";

    /// <summary>Code of a failure; null if there was none.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }

    /// <summary>The failure in a sentence.</summary>
    [JsonPropertyName("detail")]
    public string? Detail { get; init; }

    /// <summary>Crops that the answer is made of.</summary>
    [JsonPropertyName("crops")]
    public int? Crops { get; init; }

    /// <summary>Class names, best first.</summary>
    [JsonPropertyName("labels")]
    public List<string>? Labels { get; init; }

    /// <summary>Their positions in the model's output.</summary>
    [JsonPropertyName("indices")]
    public List<int>? Indices { get; init; }

    /// <summary>Their probabilities.</summary>
    [JsonPropertyName("probabilities")]
    public List<double>? Probabilities { get; init; }

    /// <summary>Whether each reaches the model's threshold; null where the classes exclude each other.</summary>
    [JsonPropertyName("selected")]
    public List<bool>? Selected { get; init; }

    /// <summary>The features.</summary>
    [JsonPropertyName("embedding")]
    public List<float>? Embedding { get; init; }

    /// <summary>A row as columns.</summary>
    public static ParquetRow Of(PredictionRow row) =>
        new()
        {
            Path = row.Path,
            Error = row.Error?.Code,
            Detail = row.Error?.Detail,
            Crops = row.Crops,
            Labels = row.Predictions?.Select(one => one.Label).ToList(),
            Indices = row.Predictions?.Select(one => one.Index).ToList(),
            Probabilities = row.Predictions?.Select(one => one.Probability).ToList(),
            Selected =
                row.Predictions?.Any(one => one.Selected is not null) == true
                    ? row.Predictions.Select(one => one.Selected == true).ToList()
                    : null,
            Embedding = row.Embedding?.ToList(),
        };
}
