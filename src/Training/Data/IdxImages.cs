using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Grey or coloured images of one size from a pair of IDX files, held in memory as they are.</summary>
public sealed class IdxImages : IImageSource
{
    private const int Channels = 3;

    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly int _height;
    private readonly int _width;
    private readonly bool _coloured;

    /// <summary>Pairs images, [n, rows, columns] or [n, rows, columns, 3], with labels [n].</summary>
    /// <exception cref="InvalidDataException">The counts differ, or the last dimension is not 3.</exception>
    public IdxImages(IdxFile images, IdxFile labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        if (images.Shape[0] != labels.Shape[0])
            throw new InvalidDataException($"There are {images.Shape[0]} images but {labels.Shape[0]} labels.");
        _pixels = images.Data;
        _labels = labels.Data;
        _height = images.Shape[1];
        _width = images.Shape[2];
        _coloured = images.Shape.Count == 4;
        if (_coloured && images.Shape[3] != Channels)
            throw new InvalidDataException($"Images of {images.Shape[3]} channels are not red, green and blue.");
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
        if (_coloured)
            return new DecodedImage(_pixels.AsSpan(Channels * size * index, Channels * size).ToArray(), _width, _height);

        var grey = _pixels.AsSpan(index * size, size);
        var rgb = new byte[Channels * size];
        for (var i = 0; i < size; i++)
            rgb.AsSpan(Channels * i, Channels).Fill(grey[i]);
        return new DecodedImage(rgb, _width, _height);
    }
}
