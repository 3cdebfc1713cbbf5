namespace Saccade.Training.Weights;

/// <summary>What a weights file's numbers are. Values are little-endian everywhere; big-endian files are refused.</summary>
internal enum ElementType
{
    /// <summary>32-bit IEEE float.</summary>
    Float32,

    /// <summary>64-bit IEEE float.</summary>
    Float64,

    /// <summary>16-bit IEEE float.</summary>
    Float16,

    /// <summary>The upper 16 bits of a 32-bit float.</summary>
    BFloat16,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 16-bit integer.</summary>
    Int16,

    /// <summary>Signed byte.</summary>
    Int8,

    /// <summary>Unsigned byte.</summary>
    UInt8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}
