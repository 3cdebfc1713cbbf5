using System.Buffers;
using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Cropping;

/// <summary>
/// An image resized for a plan, from which each crop can be written into a batch's tensor at any later time, in any order
/// and by several threads at once. Independent of the decoded image once made; dispose to give the memory back.
/// </summary>
public sealed class PreparedCrops : ICropSource
{
    private const int Channels = 3;

    private readonly ResizedImage _image;
    private readonly ManifestInput _input;
    private readonly CropLayout _layout;
    private readonly Normalisation _normalisation;
    private bool _disposed;

    /// <summary>Resizes what the plan's crops need, once for each size.</summary>
    /// <param name="image">The image; may be disposed afterwards.</param>
    /// <param name="plan">Made for this image and this input.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="preprocessing">The model's filter, colour order and normalisation.</param>
    /// <exception cref="ArgumentException">The plan's crops are of another size than the input.</exception>
    public PreparedCrops(DecodedImage image, CropPlan plan, ManifestInput input, ManifestPreprocessing preprocessing)
        : this(Resize(image, plan, input, preprocessing), input, preprocessing) { }

    /// <summary>Takes an image over, or a share of one that another model with the same plan and filter uses too.</summary>
    internal PreparedCrops(ResizedImage image, ManifestInput input, ManifestPreprocessing preprocessing)
    {
        _image = image;
        _input = input;
        _layout = new CropLayout(input.Layout == InputLayout.Nchw, preprocessing.ChannelOrder == ChannelOrder.Bgr);
        _normalisation = new Normalisation(preprocessing);
    }

    /// <summary>Number of crops.</summary>
    public int Count => _image.Plan.Crops.Count;

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
    void ICropSource.Write(int crop, Span<byte> row)
    {
        if (_input.Type == InputType.Float32)
            WriteCrop(crop, MemoryMarshal.Cast<byte, float>(row));
        else
            WriteCrop(crop, row);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _image.Dispose();
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
        CropPixels crop = _image[index];
        _layout.Arrange(crop.From(row: 0), crop.Stride, _input.Width, _input.Height, _image.Plan.Crops[index].Mirrored, destination);
    }

    private static ResizedImage Resize(DecodedImage image, CropPlan plan, ManifestInput input, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(preprocessing);
        return plan.CropSize == new PixelSize(input.Width, input.Height)
            ? new ResizedImage(image, plan, preprocessing.Interpolation)
            : throw new ArgumentException(
                $"The plan cuts {plan.CropSize}; the model's input is {input.Width} × {input.Height}.",
                nameof(plan)
            );
    }
}
