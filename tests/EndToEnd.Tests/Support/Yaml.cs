using System.Text.Json;
using Saccade.Bench.Processes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>YAML files of the checkout as JSON, anchors and merge keys resolved. Every scalar is a string.</summary>
public static class Yaml
{
    /// <summary>The only document of a file.</summary>
    public static JsonElement Load(params string[] path) => Assert.Single(LoadAll(path));

    /// <summary>All documents of a file.</summary>
    public static IReadOnlyList<JsonElement> LoadAll(params string[] path)
    {
        using var reader = File.OpenText(Checkout.PathOf(path));
        var parser = new MergingParser(new Parser(reader));
        var deserializer = new DeserializerBuilder().Build();
        var documents = new List<JsonElement>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(ToJson(deserializer.Deserialize<object>(parser)));
        return documents;
    }

    /// <summary>The names of a mapping.</summary>
    public static IEnumerable<string> Keys(this JsonElement mapping) => mapping.EnumerateObject().Select(member => member.Name);

    /// <summary>A value below nested mappings; null if a step is missing.</summary>
    public static JsonElement? At(this JsonElement element, params string[] path)
    {
        foreach (var step in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
                return null;
        }

        return element;
    }

    /// <summary>The strings of a sequence; none if it is missing.</summary>
    public static IReadOnlyList<string> Strings(this JsonElement? sequence) =>
        sequence is { } present ? [.. present.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static JsonElement ToJson(object document)
    {
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(document);
        return JsonSerializer.Deserialize<JsonElement>(json);
    }
}
