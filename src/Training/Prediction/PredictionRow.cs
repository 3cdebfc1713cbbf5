using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Saccade.Inference;
using Saccade.Inference.Aggregation;

namespace Saccade.Training.Prediction;

/// <summary>What is known of one image: a line of the result.</summary>
/// <param name="Path">The image's name.</param>
public sealed record PredictionRow(string Path)
{
    private const int Decimals = 6;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>How many crops the answer is made of, over all members; null if it failed.</summary>
    public int? Crops { get; init; }

    /// <summary>Best first; null if it failed.</summary>
    public IReadOnlyList<PredictedLabel>? Predictions { get; init; }

    /// <summary>Mean of the crops' features; null if it failed, or they were not asked for.</summary>
    public IReadOnlyList<float>? Embedding { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public PredictionError? Error { get; init; }

    /// <summary>From the engine's answer.</summary>
    /// <param name="name">The image's.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="normalise">Whether the embedding is to have the length 1.</param>
    internal static PredictionRow Of(string name, ClassifyOutcome outcome, bool normalise) =>
        outcome switch
        {
            ClassifyAnswer answer => new(name)
            {
                Crops = answer.CropsUsed,
                Predictions =
                [
                    .. answer.Predictions.Select(one => new PredictedLabel(
                        one.Label,
                        one.Index,
                        Math.Round(one.Probability, Decimals),
                        one.Selected
                    )),
                ],
                Embedding =
                    answer.Features.Count == 0 ? null
                    : normalise ? UnitLength.Of([.. answer.Features])
                    : answer.Features,
            },
            ClassifyRefusal refusal => new(name) { Error = PredictionError.Of(refusal) },
            _ => throw new InvalidOperationException($"The engine returned a {outcome.GetType().Name}."),
        };

    /// <summary>Reads a line; null if it is no row.</summary>
    public static PredictionRow? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<PredictionRow>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As a line, without its end.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}

/// <summary>A class with its probability.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Index">Its position in the model's output, from 0.</param>
/// <param name="Probability">0 to 1, six decimals.</param>
/// <param name="Selected">Whether it reaches the model's threshold; null where the classes exclude each other.</param>
public sealed record PredictedLabel(string Label, int Index, double Probability, bool? Selected = null);
