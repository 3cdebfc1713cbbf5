using System.Buffers;
using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;
using Saccade.Training.Recipes;

namespace Saccade.Training.Data;

/// <summary>
/// Makes a training crop of an image. Every choice comes from a stream seeded by run, epoch and image, so it is the same whatever
/// thread makes it and wherever a run is taken up again.
/// </summary>
public sealed class TrainingCrops
{
    private const int Channels = 3;
    private const long Purpose = 0x6372_6f70; // keeps this stream apart from others of the same seed
    private const long FlipPurpose = 0x666c_6970;
    private static readonly (double Min, double Max) ErasedArea = (0.02, 0.33);
    private const double ErasedAspect = 1 / 0.3;

    private readonly AugmentationOptions _options;
    private readonly CropCutter _cutter;
    private readonly EvaluationCrops _normalise;
    private readonly byte[] _mean;
    private readonly int _side;
    private readonly long _seed;

    /// <summary>Fixes what all crops of a run share.</summary>
    /// <param name="preprocessing">How evaluation prepares an image; training differs from it by what the options say only.</param>
    /// <param name="side">Rows and columns of the network's input.</param>
    /// <param name="options">What may happen to an image.</param>
    /// <param name="seed">The run's.</param>
    public TrainingCrops(ManifestPreprocessing preprocessing, int side, AugmentationOptions options, long seed)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _cutter = new CropCutter(preprocessing, side, options);
        // The finished crop is an image of the input's size, which the engine then neither resizes nor cuts, only normalises.
        _normalise = new EvaluationCrops(CropMode.Single, preprocessing with { ResizeShorterSide = side }, side);
        _mean = [.. preprocessing.Mean.Select(channel => (byte)Math.Clamp(Math.Round(255 * channel / preprocessing.Scale), 0, 255))];
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
            _cutter.Cut(image, crop, ref random);
            if (_options.Flip && Flips(epoch, index, ref random))
                crop.Flip();
            if (_options.RandAugment > 0)
                RandAugment.Distort(crop, _options.RandAugment, _options.RandAugmentStrength / 10, _mean, ref random);
            Recolour(crop.Pixels, ref random);
            if (
                _options.ErasingProbability > 0
                && random.NextDouble() < _options.ErasingProbability
                && RandomBox.Draw(_side, _side, ErasedArea, ErasedAspect, ref random) is { } box
            )
                crop.Erase(box.Left, box.Top, box.Width, box.Height, ref random);
            if (_options.CutoutPixels is > 0 and var side)
                crop.Paint(random.Next(_side) - (side / 2), random.Next(_side) - (side / 2), side, _mean);
            using DecodedImage done = new(rented, _side, _side);
            _normalise.Write(index, done, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool Flips(int epoch, int index, ref SplitMix64 random)
    {
        if (!_options.AlternatingFlip)
            return random.Next(2) == 1;
        var first = SplitMix64.At(_seed, FlipPurpose, epoch / 2, index).Next(2);
        return (first ^ (epoch & 1)) == 1;
    }

    private void Recolour(Span<byte> pixels, ref SplitMix64 random)
    {
        switch (_options.Photometric)
        {
            case PhotometricKind.Howard:
                HowardColours.Distort(pixels, _options.PhotometricStrength, ref random);
                break;
            case PhotometricKind.Inception:
                InceptionColours.Distort(pixels, _options.PhotometricStrength, ref random);
                break;
            default:
                break;
        }
    }
}
