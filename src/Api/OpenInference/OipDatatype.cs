using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary>The protocol's names of element types, as far as image networks have them.</summary>
internal static class OipDatatype
{
    public const string Float32 = "FP32";
    public const string UInt8 = "UINT8";
    public const string Bytes = "BYTES";

    /// <summary>The name of an input's element type.</summary>
    public static string Of(InputType type) => type == InputType.UInt8 ? UInt8 : Float32;

    /// <summary>The element type of a name; null if no network here takes it.</summary>
    public static InputType? Parse(string name) => name switch
    {
        Float32 => InputType.Float32,
        UInt8 => InputType.UInt8,
        _ => null,
    };

    /// <summary>Bytes of one element.</summary>
    public static int Size(InputType type) => type == InputType.UInt8 ? sizeof(byte) : sizeof(float);
}
