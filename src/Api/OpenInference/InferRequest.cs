using Saccade.Inference.Bundles;

namespace Saccade.Api.OpenInference;

/// <summary>A request to infer, as far as it can be understood without the model.</summary>
/// <param name="Id">To be repeated in the answer; null if none was given.</param>
/// <param name="Parameters">Of the request.</param>
/// <param name="Input">The tensor.</param>
/// <param name="Outputs">What is wanted; empty means everything.</param>
internal sealed record InferRequest(string? Id, InferParameters Parameters, InferInput Input, IReadOnlyList<InferOutput> Outputs);

/// <summary>An input: a <see cref="TensorInput"/> or an <see cref="ImagesInput"/>.</summary>
/// <param name="Name">In the graph.</param>
internal abstract record InferInput(string Name)
{
    /// <summary>The one input that a model here has.</summary>
    /// <exception cref="InvalidDataException">There is none, or another.</exception>
    public static T Only<T>(IReadOnlyList<T> inputs) =>
        inputs is [var only] ? only : throw new InvalidDataException($"Models here have one input; the request has {inputs.Count}.");
}

/// <summary>Numbers, as the network takes them.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">Rows first.</param>
/// <param name="Data">Its elements, row-major, little-endian: a part of the body, or what JSON was turned into.</param>
internal sealed record TensorInput(string Name, InputType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data) : InferInput(Name);

/// <summary>Encoded images (datatype BYTES), to be decoded, cropped and classified as those of <c>POST /classify</c>.</summary>
/// <param name="Name">As the client called it.</param>
/// <param name="Images">At least one.</param>
internal sealed record ImagesInput(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Images) : InferInput(Name);

/// <summary>An output that is asked for.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Parameters">How it is wanted.</param>
internal sealed record InferOutput(string Name, InferParameters Parameters);

/// <summary>Parameters by name: a <see cref="string"/>, <see cref="long"/>, <see cref="double"/> or <see cref="bool"/> each. Those that
/// mean nothing here are passed over, as the protocol asks.</summary>
internal sealed class InferParameters(IReadOnlyDictionary<string, object> values)
{
    public static InferParameters None { get; } = new(new Dictionary<string, object>(StringComparer.Ordinal));

    /// <summary>A truth value; null if it is not there.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public bool? Flag(string name)
    {
        if (!values.TryGetValue(name, out var value))
            return null;
        return value is bool flag ? flag : throw new InvalidDataException($"Parameter '{name}' must be true or false.");
    }

    /// <summary>A whole number; null if it is not there.</summary>
    /// <exception cref="InvalidDataException">It is something else, or out of range.</exception>
    public long? Integer(string name, long min, long max)
    {
        if (!values.TryGetValue(name, out var value))
            return null;
        return value is long number && number >= min && number <= max
            ? number
            : throw new InvalidDataException($"Parameter '{name}' must be a whole number from {min} to {max}.");
    }
}
