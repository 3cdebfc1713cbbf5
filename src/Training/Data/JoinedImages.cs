using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>The images of one source, then those of another.</summary>
internal sealed class JoinedImages(IImageSource first, IImageSource second) : IImageSource
{
    /// <inheritdoc/>
    public int Count => first.Count + second.Count;

    /// <inheritdoc/>
    public int LabelOf(int index) => index < first.Count ? first.LabelOf(index) : second.LabelOf(index - first.Count);

    /// <inheritdoc/>
    public string? FileOf(int index) => index < first.Count ? first.FileOf(index) : second.FileOf(index - first.Count);

    /// <inheritdoc/>
    public DecodedImage Load(int index) => index < first.Count ? first.Load(index) : second.Load(index - first.Count);
}
