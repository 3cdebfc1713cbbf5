using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Training.Networks.Variants;

/// <summary>Traits as a JSON object of strings, <c>{"lrn": "true", "pool4": "3"}</c>.</summary>
internal sealed class TraitSetConverter : JsonConverter<TraitSet>
{
    public override TraitSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader, options) ?? [];
        return TraitSet.Of([.. texts.Select(pair => Parse(Current(pair.Key), pair.Value))]);
    }

    public override void Write(Utf8JsonWriter writer, TraitSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var trait in value)
            writer.WriteString(trait.Trait.Name, trait.Text);
        writer.WriteEndObject();
    }

    /// <summary>Runs of version 0.1 say side head for auxiliary classifier.</summary>
    internal static string Current(string name) =>
        name == "side-heads" ? Traits.AuxClassifiers.Name : name.Replace("side-head-", "aux-", StringComparison.Ordinal);

    private static TraitValue Parse(string name, string text) =>
        (Traits.All.SingleOrDefault(trait => trait.Name == name) ?? throw new JsonException($"no network has a trait '{name}'")).Parse(text)
        ?? throw new JsonException($"{name} can't be '{text}'");
}
