using System.ComponentModel.DataAnnotations;

namespace Saccade.Inference.Classification;

/// <summary>Answers that are kept for images that come again: the configuration section <c>Cache</c>.</summary>
public sealed class CacheOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cache";

    /// <summary>Memory for answers, those asked for longest ago given up first.</summary>
    /// <value>Bytes; default 0: none is kept, and requests for the same share nothing.</value>
    [Range(0L, 1L << 40)]
    public long Size { get; set; }

    /// <summary>
    /// Whether an answer is given to nobody but the <see cref="ClassifyRequest.Caller"/> for whom it was computed; requests without a
    /// caller then share nothing.
    /// </summary>
    /// <value>Default false: how fast an answer comes tells a caller whether somebody has sent the same image before.</value>
    public bool PerKey { get; set; }
}
