using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Images of another source with less to be seen in them: the shorter side is shrunk to some pixels, if it has more.</summary>
internal sealed class ShrunkImages : IImageSource
{
    private const int Channels = 3;

    private readonly IImageSource _source;
    private readonly int _side;

    /// <summary>Shows a source with its shorter sides at most so long.</summary>
    /// <param name="source">The images.</param>
    /// <param name="side">Pixels of the shorter side, at least 1.</param>
    public ShrunkImages(IImageSource source, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        _source = source;
        _side = side;
    }

    /// <inheritdoc/>
    public int Count => _source.Count;

    /// <inheritdoc/>
    public int LabelOf(int index) => _source.LabelOf(index);

    /// <inheritdoc/>
    public DecodedImage Load(int index)
    {
        var image = _source.Load(index);
        var shorter = Math.Min(image.Width, image.Height);
        if (shorter <= _side)
            return image;
        using (image)
        {
            var (width, height) = (Scaled(image.Width, shorter), Scaled(image.Height, shorter));
            var pixels = new byte[Channels * width * height];
            ImageResampler.Resize(image.Pixels, image.Width, image.Height, pixels, width, height, Interpolation.Bilinear);
            return new DecodedImage(pixels, width, height);
        }
    }

    private int Scaled(int length, int shorter) => (int)Math.Round(length * (double)_side / shorter);
}
