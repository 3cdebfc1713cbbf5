using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>A layer of a Keras model, with what it reads; models inside models are unfolded.</summary>
/// <param name="Name">What its weights are called after.</param>
/// <param name="Kind">Keras's class, such as <c>Conv2D</c>.</param>
/// <param name="Config">Keras's settings.</param>
/// <param name="Inputs">What it reads, in order.</param>
internal sealed record KerasLayer(string Name, string Kind, JsonElement Config, IReadOnlyList<KerasLayer> Inputs)
{
    /// <summary>A number.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int Int(string key) => Has(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
        ? number
        : throw new InvalidDataException($"layer '{Name}' ({Kind}) has no whole number '{key}'");

    /// <summary>A fraction, or a default.</summary>
    public double Double(string key, double otherwise) =>
        Has(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;

    /// <summary>A text, or a default.</summary>
    public string Text(string key, string otherwise) => Has(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>A truth, or a default.</summary>
    public bool Bool(string key, bool otherwise) =>
        Has(key, out var value) ? value.ValueKind == JsonValueKind.True || (value.ValueKind != JsonValueKind.False && otherwise) : otherwise;

    /// <summary>A pair of numbers; one number stands for both.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public (int Rows, int Columns) Pair(string key)
    {
        if (!Has(key, out var value))
            throw new InvalidDataException($"layer '{Name}' ({Kind}) has no '{key}'");
        if (value.ValueKind == JsonValueKind.Number)
            return (Int(key), Int(key));
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[0].TryGetInt32(out var rows) && value[1].TryGetInt32(out var columns)
            ? (rows, columns)
            : throw new InvalidDataException($"layer '{Name}' ({Kind}) has no pair of numbers '{key}'");
    }

    /// <summary>Whether a setting is there and not null.</summary>
    public bool Has(string key, out JsonElement value) =>
        Config.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    /// <inheritdoc/>
    public bool Equals(KerasLayer? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
