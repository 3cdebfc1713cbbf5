using System.Diagnostics.CodeAnalysis;

namespace Saccade.Inference.Decoding;

/// <summary>An image, or why there is none. Bad input is expected, so it is a value and never an exception.</summary>
public readonly record struct DecodeResult
{
    /// <summary>An image was read; the receiver disposes it.</summary>
    public DecodeResult(DecodedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image = image;
    }

    /// <summary>No image was read.</summary>
    /// <param name="failure">Where it stopped.</param>
    /// <param name="detail">One sentence for the client.</param>
    public DecodeResult(ClassifyFailure failure, string detail)
    {
        Failure = failure;
        Detail = detail;
    }

    /// <summary>The image; null when the bytes were refused.</summary>
    public DecodedImage? Image { get; }

    /// <summary>
    /// <see cref="ClassifyFailure.UnsupportedImage"/>, <see cref="ClassifyFailure.ImageTooLarge"/>,
    /// <see cref="ClassifyFailure.InvalidImage"/> or <see cref="ClassifyFailure.OutOfMemory"/>; meaningless when there is an image.
    /// </summary>
    public ClassifyFailure Failure { get; }

    /// <summary>One sentence for the client: what was wrong; null when there is an image.</summary>
    public string? Detail { get; }

    /// <summary>Whether there is an image.</summary>
    [MemberNotNullWhen(true, nameof(Image))]
    [MemberNotNullWhen(false, nameof(Detail))]
    public bool Succeeded => Image is not null;
}
