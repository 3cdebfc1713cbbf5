using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>A layer of a Keras model with its tensors; models inside models are unfolded.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Kind">Keras's class, such as <c>Conv2D</c>.</param>
/// <param name="Config">Keras's settings; undefined where the file does not describe the model.</param>
internal sealed record KerasLayer(string Name, string Kind, JsonElement Config = default)
{
    /// <summary>Where a file of Keras 3 keeps its variables, such as <c>layers/conv2d_3</c>; empty in others.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its tensors by part, such as <c>kernel</c> and <c>moving_mean</c>.</summary>
    public Dictionary<string, StoredTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>A fraction, or a default.</summary>
    public double Double(string key, double otherwise) =>
        Has(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;

    /// <summary>A text, or a default.</summary>
    public string Text(string key, string otherwise) =>
        Has(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>A truth, or a default.</summary>
    public bool Flag(string key, bool otherwise) => Has(key, out var value) ? value.ValueKind == JsonValueKind.True : otherwise;

    /// <summary>A pair of numbers, or a default; one number stands for both.</summary>
    /// <exception cref="InvalidDataException">There is something else.</exception>
    public (int Rows, int Columns) Pair(string key, (int Rows, int Columns) otherwise)
    {
        if (!Has(key, out var value))
            return otherwise;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var both))
            return (both, both);
        return
            value.ValueKind == JsonValueKind.Array
            && value.GetArrayLength() == 2
            && value[0].TryGetInt32(out var rows)
            && value[1].TryGetInt32(out var columns)
            ? (rows, columns)
            : throw new InvalidDataException($"layer '{Name}' ({Kind}) has no pair of numbers '{key}'");
    }

    /// <summary>Whether a setting is there and not null.</summary>
    public bool Has(string key, out JsonElement value)
    {
        value = default;
        return Config.ValueKind == JsonValueKind.Object && Config.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <exception cref="InvalidDataException">It has one of that name.</exception>
    public void Add(string part, StoredTensor tensor)
    {
        if (!Tensors.TryAdd(part, tensor))
            throw new InvalidDataException($"tensors '{tensor.Name}' and '{Tensors[part].Name}' belong to layers of one name");
    }

    /// <inheritdoc/>
    public bool Equals(KerasLayer? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
