using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Images of another source with other indices of their classes.</summary>
internal sealed class RelabelledImages(IImageSource source, int[] labels) : IImageSource
{
    /// <inheritdoc/>
    public int Count => source.Count;

    /// <inheritdoc/>
    public int LabelOf(int index) => labels[source.LabelOf(index)];

    /// <inheritdoc/>
    public string? FileOf(int index) => source.FileOf(index);

    /// <inheritdoc/>
    public DecodedImage Load(int index) => source.Load(index);
}
