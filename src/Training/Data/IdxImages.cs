using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Grey pictures of one size from a pair of IDX files, held in memory as they are.</summary>
public sealed class IdxImages : IImageSource
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly int _height;
    private readonly int _width;

    /// <summary>Pairs pictures [n, rows, columns] with labels [n].</summary>
    /// <exception cref="InvalidDataException">The counts differ.</exception>
    public IdxImages(IdxFile images, IdxFile labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        if (images.Shape[0] != labels.Shape[0])
            throw new InvalidDataException($"There are {images.Shape[0]} pictures but {labels.Shape[0]} labels.");
        _pixels = images.Data;
        _labels = labels.Data;
        _height = images.Shape[1];
        _width = images.Shape[2];
    }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <summary>One more than the largest label.</summary>
    public int Classes => _labels.Max() + 1;

    /// <inheritdoc/>
    public int LabelOf(int index) => _labels[index];

    /// <inheritdoc/>
    public DecodedImage Load(int index)
    {
        var size = _height * _width;
        var grey = _pixels.AsSpan(index * size, size);
        var rgb = new byte[3 * size];
        for (var i = 0; i < size; i++)
            rgb.AsSpan(3 * i, 3).Fill(grey[i]);
        return new DecodedImage(rgb, _width, _height);
    }
}
