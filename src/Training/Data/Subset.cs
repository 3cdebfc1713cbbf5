using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Some images of another source, in a given order.</summary>
public sealed class Subset : IImageSource
{
    private readonly IImageSource _source;
    private readonly int[] _indices;

    /// <summary>Takes the images at these indices of the source, in this order.</summary>
    public Subset(IImageSource source, int[] indices)
    {
        _source = source;
        _indices = indices;
    }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public int LabelOf(int index) => _source.LabelOf(_indices[index]);

    /// <inheritdoc/>
    public string? FileOf(int index) => _source.FileOf(_indices[index]);

    /// <inheritdoc/>
    public DecodedImage Load(int index) => _source.Load(_indices[index]);
}
