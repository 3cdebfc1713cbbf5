using System.ComponentModel.DataAnnotations;

namespace Saccade.Inference.Decoding;

/// <summary>What images are accepted, and what reads them.</summary>
public sealed class DecodingOptions
{
    /// <summary>The configuration section these are bound from.</summary>
    public const string Section = "Decoding";

    /// <summary>Most pixels an image may declare in its header; more is refused before anything is allocated.</summary>
    /// <value>Default 50,331,648: the 8192 × 6144 of a 50-megapixel telephone. A decoded pixel takes three bytes.</value>
    [Range(1, 268_435_456)]
    public int MaxImagePixels { get; set; } = 8192 * 6144;

    /// <summary>Most pixels along either side.</summary>
    /// <value>Default 16,384.</value>
    [Range(1, 65_535)]
    public int MaxImageSide { get; set; } = 16_384;

    /// <summary>
    /// Memory that decoding, and the decoded images of requests under way, may take together. An image that finds too little of it waits,
    /// by deadline.
    /// </summary>
    /// <value>Bytes; default 0: half of what the garbage collector may use, by the container's limit or the machine's memory.</value>
    [Range(0L, 1L << 40)]
    public long MemoryBudget { get; set; }

    /// <summary>What decodes JPEG.</summary>
    /// <value>Default <see cref="JpegDecoder.Auto"/>.</value>
    [EnumDataType(typeof(JpegDecoder))]
    public JpegDecoder JpegDecoder { get; set; } = JpegDecoder.Auto;

    /// <summary>
    /// Whether libjpeg-turbo may read a JPEG at 1/2, 1/4 or 1/8 of its size when the model needs far less: much quicker for
    /// photographs, and different from a full read by about a grey level.
    /// </summary>
    /// <value>Default false: what the network sees is then what it was measured on, to the bit, for JPEGs of any size.</value>
    public bool ReduceLargeJpegs { get; set; }
}
