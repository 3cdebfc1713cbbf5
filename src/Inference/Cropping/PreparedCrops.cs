using System.Buffers;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;

namespace Saccade.Inference.Cropping;

/// <summary>
/// A picture resized for a plan, from which each crop can be written into a batch's tensor at any later time, in any order
/// and by several threads at once. Independent of the decoded picture once made; dispose to give the memory back.
/// </summary>
public sealed class PreparedCrops : IDisposable
{
    private const int Channels = 3;

    private readonly CropPlan _plan;
    private readonly ManifestInput _input;
    private readonly CropLayout _layout;
    private readonly Normalisation _normalisation;
    private readonly (byte[] Pixels, PixelRegion Region)[] _regions;
    private readonly int[] _regionOfCrop;
    private bool _disposed;

    /// <summary>Resizes what the plan's crops need, once for each size.</summary>
    /// <param name="image">The picture; may be disposed afterwards.</param>
    /// <param name="plan">Made for this picture and this input.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="preprocessing">The model's filter, colour order and normalisation.</param>
    /// <exception cref="ArgumentException">The plan's crops are of another size than the input.</exception>
    public PreparedCrops(DecodedImage image, CropPlan plan, ManifestInput input, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (plan.CropSize != new PixelSize(input.Width, input.Height))
        {
            throw new ArgumentException($"The plan cuts {plan.CropSize}; the model's input is {input.Width} × {input.Height}.", nameof(plan));
        }

        _plan = plan;
        _input = input;
        _layout = new CropLayout(input.Layout == InputLayout.Nchw, preprocessing.ChannelOrder == ChannelOrder.Bgr);
        _normalisation = new Normalisation(preprocessing);
        (PixelRegion[] regions, _regionOfCrop) = CropRegions.Plan(plan);
        _regions = new (byte[], PixelRegion)[regions.Length];
        var size = new PixelSize(image.Width, image.Height);
        for (int crop = 0; crop < plan.Crops.Count; crop++)
        {
            int index = _regionOfCrop[crop];
            if (_regions[index].Pixels is null)
            {
                PixelRegion region = regions[index];
                byte[] pixels = ArrayPool<byte>.Shared.Rent(region.Width * region.Height * Channels);
                _regions[index] = (pixels, region);
                PixelSize scale = plan.Scales[plan.Crops[crop].Scale];
                ImageResampler.Resize(image.Pixels, size, image.Visible, pixels, scale, region, preprocessing.Interpolation);
            }
        }
    }

    /// <summary>Number of crops.</summary>
    public int Count => _plan.Crops.Count;

    /// <summary>Elements of one crop in the tensor.</summary>
    public int CropLength => Channels * _input.Width * _input.Height;

    /// <summary>Writes a crop's normalised pixels, in the model's layout and colour order.</summary>
    /// <param name="index">Which crop of the plan.</param>
    /// <param name="destination">Its <see cref="CropLength"/> elements of the batch tensor.</param>
    /// <exception cref="InvalidOperationException">The model's input is not float32.</exception>
    public void WriteCrop(int index, Span<float> destination)
    {
        EnsureType(InputType.Float32);
        EnsureFits(index, destination.Length);
        byte[] arranged = ArrayPool<byte>.Shared.Rent(CropLength);
        try
        {
            Arrange(index, arranged.AsSpan(0, CropLength));
            _normalisation.Apply(arranged.AsSpan(0, CropLength), destination, _layout.Planar);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(arranged);
        }
    }

    /// <summary>Writes a crop's raw pixels, in the model's layout and colour order.</summary>
    /// <param name="index">Which crop of the plan.</param>
    /// <param name="destination">Its <see cref="CropLength"/> elements of the batch tensor.</param>
    /// <exception cref="InvalidOperationException">The model's input is not uint8.</exception>
    public void WriteCrop(int index, Span<byte> destination)
    {
        EnsureType(InputType.UInt8);
        EnsureFits(index, destination.Length);
        Arrange(index, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            foreach ((byte[] pixels, _) in _regions)
            {
                ArrayPool<byte>.Shared.Return(pixels);
            }
        }
    }

    private void EnsureType(InputType type)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_input.Type != type)
        {
            throw new InvalidOperationException($"The model's input is {_input.Type}, not {type}.");
        }
    }

    private void EnsureFits(int index, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, CropLength);
    }

    private void Arrange(int index, Span<byte> destination)
    {
        Crop crop = _plan.Crops[index];
        (byte[] pixels, PixelRegion region) = _regions[_regionOfCrop[index]];
        int stride = region.Width * Channels;
        int start = ((crop.Y - region.Y) * stride) + ((crop.X - region.X) * Channels);
        _layout.Arrange(pixels.AsSpan(start), stride, _input.Width, _input.Height, crop.Mirrored, destination);
    }
}
