namespace SixLabors.ImageSharp.Formats;

/// <summary>How to decode.</summary>
public sealed class DecoderOptions
{
    internal static DecoderOptions Default { get; } = new();

    /// <summary>True: no metadata, and so no orientation, is read.</summary>
    public bool SkipMetadata { get; init; }

    /// <summary>How many frames to read at most; here the first is read whatever it says.</summary>
    public uint MaxFrames { get; init => field = Math.Clamp(value, 1, int.MaxValue); } = int.MaxValue;
}
