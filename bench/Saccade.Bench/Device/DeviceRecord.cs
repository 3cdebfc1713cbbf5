using System.Text.Json;
using System.Text.Json.Serialization;

namespace Saccade.Bench.Device;

/// <summary>One figure, as a line of <c>records.jsonl</c>. The PyTorch peer writes the same lines.</summary>
/// <param name="Part">What was measured: <c>check</c>, <c>raw</c>, <c>pool</c>, <c>tensors</c>, <c>jpeg</c>, <c>torch</c>,
/// <c>torch-http</c>, <c>train</c>.</param>
/// <param name="Model">Architecture.</param>
/// <param name="Format">Numbers inside and input: <c>fp32</c>, <c>tf32</c>, <c>fp16</c>, with <c>-u8</c> where pixels go in as
/// bytes.</param>
/// <param name="Variant">How, in a word.</param>
internal sealed record DeviceRecord(string Part, string Model, string Format, string Variant)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Largest batch, or rows of a request.</summary>
    public int Batch { get; init; }

    /// <summary>Runs at once.</summary>
    public int Sessions { get; init; }

    /// <summary>Images a second; null where something else was measured, or nothing.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Mean milliseconds by stage, or other figures by name.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>Why there is no figure, or what is wrong with it.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a file of lines.</summary>
    /// <exception cref="InvalidDataException">A line is no record.</exception>
    public static IReadOnlyList<DeviceRecord> Read(string path) =>
        [
            .. File.ReadLines(path)
                .Where(line => line.Length > 0)
                .Select(line =>
                    JsonSerializer.Deserialize<DeviceRecord>(line, Json)
                    ?? throw new InvalidDataException($"{path}: '{line}' is no record.")
                ),
        ];

    /// <summary>Adds it to a file and prints it: whatever happens later, it is there.</summary>
    public void AppendTo(string path)
    {
        var line = JsonSerializer.Serialize(this, Json);
        File.AppendAllText(path, line + "\n");
        Console.WriteLine(line);
    }
}
