using Saccade.Inference.Bundles;

namespace Saccade.Api.OpenInference;

/// <summary>The protocol's names of element types, as far as image networks have them.</summary>
internal static class OipDatatype
{
    public const string Float32 = "FP32";
    public const string UInt8 = "UINT8";
    public const string Bytes = "BYTES";

    /// <summary>The name of an input's element type.</summary>
    public static string Of(InputType type) => type == InputType.UInt8 ? UInt8 : Float32;

    /// <summary>The element type of an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="datatype">The type's name.</param>
    /// <exception cref="InvalidDataException">No network here takes it.</exception>
    public static InputType Parse(string input, string datatype) =>
        datatype switch
        {
            Float32 => InputType.Float32,
            UInt8 => InputType.UInt8,
            _ => throw new InvalidDataException(
                $"Input '{input}' has the datatype {datatype}; {Float32}, {UInt8} and {Bytes} (encoded images) are read here."
            ),
        };

    /// <summary>Bytes of one element.</summary>
    public static int Size(InputType type) => type == InputType.UInt8 ? sizeof(byte) : sizeof(float);
}
