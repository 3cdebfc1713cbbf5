using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>Which layers of a network a run leaves as they are: none, its first stages, or all but the classifiers.</summary>
[JsonConverter(typeof(FreezeDepthConverter))]
public readonly record struct FreezeDepth
{
    private const string StagesPrefix = "stages:";

    private FreezeDepth(int stages, bool isBackbone) => (Stages, IsBackbone) = (stages, isBackbone);

    /// <summary>Everything is trained.</summary>
    public static FreezeDepth None => default;

    /// <summary>Only the classifiers are trained.</summary>
    public static FreezeDepth Backbone { get; } = new(0, isBackbone: true);

    /// <summary>How many of the first stages that have weights are frozen, if not the whole backbone is.</summary>
    public int Stages { get; }

    /// <summary>Whether all but the classifiers is frozen.</summary>
    public bool IsBackbone { get; }

    /// <summary>Whether nothing is frozen.</summary>
    public bool IsNone => this == None;

    /// <summary>The first stages that have weights, at least 1.</summary>
    public static FreezeDepth FirstStages(int stages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 1);
        return new(stages, isBackbone: false);
    }

    /// <summary>Reads <c>none</c>, <c>backbone</c> or <c>stages:N</c>; null where it is none of these.</summary>
    public static FreezeDepth? Parse(string text) =>
        text switch
        {
            "none" => None,
            "backbone" => Backbone,
            _ when text.StartsWith(StagesPrefix, StringComparison.Ordinal)
                    && int.TryParse(text.AsSpan(StagesPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var stages)
                    && stages > 0 => FirstStages(stages),
            _ => null,
        };

    /// <inheritdoc/>
    public override string ToString() =>
        IsBackbone ? "backbone"
        : IsNone ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{StagesPrefix}{Stages}");

    private sealed class FreezeDepthConverter : JsonConverter<FreezeDepth>
    {
        public override FreezeDepth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString() ?? "") ?? throw new JsonException($"'{reader.GetString()}' is no depth to freeze to");

        public override void Write(Utf8JsonWriter writer, FreezeDepth value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
