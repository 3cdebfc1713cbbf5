using System.Buffers;
using Saccade.Inference;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Training.Recipes;

namespace Saccade.Training.Data;

/// <summary>
/// Makes a training crop of a picture. Every choice comes from a stream seeded by run, epoch and picture, so it is the same whatever
/// thread makes it and wherever a run is taken up again.
/// </summary>
public sealed class TrainingCrops
{
    private const int Channels = 3;
    private const long Purpose = 0x6372_6f70; // keeps this stream apart from others of the same seed
    private static readonly (double Min, double Max) ErasedArea = (0.02, 0.33);
    private const double ErasedAspect = 1 / 0.3;

    private readonly ManifestPreprocessing _preprocessing;
    private readonly AugmentationOptions _options;
    private readonly EvaluationCrops _normalise;
    private readonly int _side;
    private readonly long _seed;

    /// <summary>Fixes what all crops of a run share.</summary>
    /// <param name="preprocessing">How evaluation prepares a picture; training differs from it in the crop only.</param>
    /// <param name="side">Rows and columns of the network's input.</param>
    /// <param name="options">What may happen to a picture.</param>
    /// <param name="seed">The run's.</param>
    public TrainingCrops(ManifestPreprocessing preprocessing, int side, AugmentationOptions options, long seed)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(options);
        _preprocessing = preprocessing;
        _options = options;
        // The finished crop is a picture of the input's size, which the engine then neither resizes nor cuts, only normalises.
        _normalise = new EvaluationCrops(CropMode.Single, preprocessing with { ResizeShorterSide = side }, side);
        _side = side;
        _seed = seed;
    }

    /// <summary>The writer of one epoch.</summary>
    public SampleWriter ForEpoch(int epoch) => (index, image, target) => Write(epoch, index, image, target);

    private void Write(int epoch, int index, DecodedImage image, Span<float> target)
    {
        var random = SplitMix64.At(_seed, Purpose, epoch, index);
        var rented = ArrayPool<byte>.Shared.Rent(Channels * _side * _side);
        try
        {
            Rgb8 crop = new(rented, _side);
            Cut(image, crop, ref random);
            if (_options.Flip && random.Next(2) == 1)
                crop.Flip();
            if (_options.ErasingProbability > 0 && random.NextDouble() < _options.ErasingProbability
                && RandomBox.Draw(_side, _side, ErasedArea, ErasedAspect, ref random) is { } box)
                crop.Erase(box.Left, box.Top, box.Width, box.Height, ref random);
            using DecodedImage done = new(rented, _side, _side);
            _normalise.Write(index, done, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Cut(DecodedImage image, Rgb8 crop, ref SplitMix64 random)
    {
        var resized = _options.Crop == CropKind.RandomResized || (_options.Crop == CropKind.ShiftOrResized && random.Next(2) == 1);
        if (resized && RandomBox.Draw(image.Width, image.Height, (_options.MinArea, 1), _options.MaxAspect, ref random) is { } box)
        {
            CutBox(image, box, crop);
            return;
        }

        var shift = _options.Crop is CropKind.Shift or CropKind.ShiftOrResized ? _options.ShiftPixels : 0;
        CutWindow(image, crop, random.Next((2 * shift) + 1) - shift, random.Next((2 * shift) + 1) - shift);
    }

    private void CutBox(DecodedImage image, RandomBox box, Rgb8 crop)
    {
        var cut = ArrayPool<byte>.Shared.Rent(Channels * box.Width * box.Height);
        try
        {
            for (var y = 0; y < box.Height; y++)
            {
                image.Pixels.Slice(Channels * (((box.Top + y) * image.Width) + box.Left), Channels * box.Width)
                    .CopyTo(cut.AsSpan(Channels * y * box.Width));
            }

            ImageResampler.Resize(cut, box.Width, box.Height, crop.Pixels, _side, _side, _preprocessing.Interpolation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(cut);
        }
    }

    /// <summary>The evaluation's centre crop, moved.</summary>
    private void CutWindow(DecodedImage image, Rgb8 crop, int right, int down)
    {
        var plan = CropPlan.Create(CropMode.Single, image.Width, image.Height, _side, _side, _preprocessing);
        var (scale, centre) = (plan.Scales[0], plan.Crops[0]);
        if (scale.Width == image.Width && scale.Height == image.Height)
        {
            crop.CopyWindow(image.Pixels, scale.Width, scale.Height, centre.X + right, centre.Y + down);
            return;
        }

        var resized = ArrayPool<byte>.Shared.Rent(Channels * scale.Width * scale.Height);
        try
        {
            ImageResampler.Resize(image.Pixels, image.Width, image.Height, resized, scale.Width, scale.Height, _preprocessing.Interpolation);
            crop.CopyWindow(resized, scale.Width, scale.Height, centre.X + right, centre.Y + down);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(resized);
        }
    }
}
