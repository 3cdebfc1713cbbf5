namespace Saccade.Training.Checkpoints;

/// <summary>Element types of a safetensors file that this project reads.</summary>
public enum SafetensorsType
{
    /// <summary>32-bit float.</summary>
    F32,

    /// <summary>64-bit float.</summary>
    F64,

    /// <summary>16-bit IEEE float.</summary>
    F16,

    /// <summary>16-bit brain float.</summary>
    BF16,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned byte.</summary>
    U8,
}

/// <summary>Sizes of the element types.</summary>
public static class SafetensorsTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafetensorsType type) =>
        type switch
        {
            SafetensorsType.F64 or SafetensorsType.I64 => 8,
            SafetensorsType.F32 or SafetensorsType.I32 => 4,
            SafetensorsType.F16 or SafetensorsType.BF16 => 2,
            SafetensorsType.U8 => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
        };
}
