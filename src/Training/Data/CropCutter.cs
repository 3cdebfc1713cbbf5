using System.Buffers;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Training.Recipes;

namespace Saccade.Training.Data;

/// <summary>Cuts a square of the input's size out of an image, at a place and scale drawn at random.</summary>
internal sealed class CropCutter
{
    private const int Channels = 3;
    private const int Filters = 4;

    private readonly ManifestPreprocessing _preprocessing;
    private readonly AugmentationOptions _options;
    private readonly int _side;

    /// <summary>Fixes what all cuts share.</summary>
    /// <param name="preprocessing">How evaluation resizes an image.</param>
    /// <param name="side">Rows and columns of the input.</param>
    /// <param name="options">Where to cut.</param>
    public CropCutter(ManifestPreprocessing preprocessing, int side, AugmentationOptions options)
    {
        _preprocessing = preprocessing;
        _options = options;
        _side = side;
    }

    public void Cut(DecodedImage image, Rgb8 crop, ref SplitMix64 random)
    {
        if (_options.Crop == CropKind.RandomResized || (_options.Crop == CropKind.ShiftOrResized && random.Next(2) == 1))
        {
            var box = RandomBox.Draw(image.Width, image.Height, (_options.MinArea, 1), _options.MaxAspect, ref random);
            if (box is null && _options.Crop == CropKind.RandomResized)
                box = new RandomBox(0, 0, image.Width, image.Height); // so does TensorFlow's code with an image too long for any box
            if (box is { } found)
            {
                CutBox(image, found, crop, ref random);
                return;
            }
        }

        CutWindow(image, crop, ref random);
    }

    private void CutBox(DecodedImage image, RandomBox box, Rgb8 crop, ref SplitMix64 random)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Channels * box.Width * box.Height);
        try
        {
            for (var y = 0; y < box.Height; y++)
            {
                image
                    .Pixels.Slice(Channels * (((box.Top + y) * image.Width) + box.Left), Channels * box.Width)
                    .CopyTo(rented.AsSpan(Channels * y * box.Width));
            }

            switch (_options.RandomInterpolation ? random.Next(Filters) : Filters)
            {
                case 0:
                    PlainResize.Nearest(rented, box.Width, box.Height, crop.Pixels, _side, _side);
                    break;
                case 1:
                    PlainResize.Area(rented, box.Width, box.Height, crop.Pixels, _side, _side);
                    break;
                case 2:
                    ImageResampler.Resize(rented, box.Width, box.Height, crop.Pixels, _side, _side, Interpolation.Bilinear);
                    break;
                case 3:
                    ImageResampler.Resize(rented, box.Width, box.Height, crop.Pixels, _side, _side, Interpolation.Bicubic);
                    break;
                default:
                    ImageResampler.Resize(rented, box.Width, box.Height, crop.Pixels, _side, _side, _preprocessing.Interpolation);
                    break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>A window of the image as evaluation resizes it: its own centre crop, moved.</summary>
    private void CutWindow(DecodedImage image, Rgb8 crop, ref SplitMix64 random)
    {
        var plan = CropPlan.Create(CropMode.Single, image.Width, image.Height, _side, _side, _preprocessing);
        var (scale, centre) = (plan.Scales[0], plan.Crops[0]);
        var shift = _options.Crop is CropKind.Shift or CropKind.ShiftOrResized ? _options.ShiftPixels : 0;
        var (left, top) = (centre.X + random.Next((2 * shift) + 1) - shift, centre.Y + random.Next((2 * shift) + 1) - shift);
        if (_options.Crop == CropKind.Window)
            (left, top) = (random.Next(scale.Width - _side + 1), random.Next(scale.Height - _side + 1));
        if (scale.Width == image.Width && scale.Height == image.Height)
        {
            crop.CopyWindow(image.Pixels, scale.Width, scale.Height, left, top, _options.Border);
            return;
        }

        var resized = ArrayPool<byte>.Shared.Rent(Channels * scale.Width * scale.Height);
        try
        {
            ImageResampler.Resize(
                image.Pixels,
                image.Width,
                image.Height,
                resized,
                scale.Width,
                scale.Height,
                _preprocessing.Interpolation
            );
            crop.CopyWindow(resized, scale.Width, scale.Height, left, top, _options.Border);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(resized);
        }
    }
}
