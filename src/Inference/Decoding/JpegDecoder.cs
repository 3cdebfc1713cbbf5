namespace Saccade.Inference.Decoding;

/// <summary>What decodes JPEG; every other format is always read by ImageSharp.</summary>
public enum JpegDecoder
{
    /// <summary>libjpeg-turbo where it is installed, else ImageSharp.</summary>
    Auto,

    /// <summary>libjpeg-turbo; the service does not start where it is missing.</summary>
    LibjpegTurbo,

    /// <summary>ImageSharp.</summary>
    ImageSharp,
}
