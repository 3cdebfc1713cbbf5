using System.Buffers;
using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Cropping;

/// <summary>
/// The pixels of a plan's crops, before a model's colour order and normalisation, so that models with the same plan and filter can share
/// them. Independent of the decoded image once made; safe for concurrent reading. Whoever made it and whoever asked for a share disposes of
/// it once; the last gives the memory back.
/// </summary>
internal sealed class ResizedImage : IDisposable
{
    private const int Channels = 3;

    private readonly List<byte[]> _rented = [];
    private readonly CropPixels[] _crops;
    private int _shares = 1;

    /// <summary>Resizes what the plan's crops need, once for each size; whole squares are then resized to the input.</summary>
    /// <param name="image">The image; may be disposed afterwards.</param>
    /// <param name="plan">Made for this image.</param>
    /// <param name="interpolation">The filter.</param>
    public ResizedImage(DecodedImage image, CropPlan plan, Interpolation interpolation)
    {
        Plan = plan;
        Interpolation = interpolation;
        (ScaledRegion[] regions, int[] ofCrop) = CropRegions.Plan(plan);
        byte[][] pixels = Array.ConvertAll(regions, region => Resize(image, region));
        var whole = new Dictionary<(int Scale, PixelRegion Window), byte[]>();
        _crops = new CropPixels[plan.Crops.Count];
        for (int index = 0; index < _crops.Length; index++)
        {
            Crop crop = plan.Crops[index];
            PixelRegion region = regions[ofCrop[index]].Region;
            int stride = region.Width * Channels;
            int start = ((crop.Y - region.Y) * stride) + ((crop.X - region.X) * Channels);
            _crops[index] = new CropPixels(pixels[ofCrop[index]], start, stride);
            if (crop.Width == plan.CropSize.Width && crop.Height == plan.CropSize.Height)
                continue;

            if (!whole.TryGetValue((crop.Scale, crop.Window), out byte[]? resized))
            {
                resized = ResizeWindow(_crops[index], new PixelSize(crop.Width, crop.Height));
                whole.Add((crop.Scale, crop.Window), resized);
            }

            _crops[index] = new CropPixels(resized, 0, plan.CropSize.Width * Channels);
        }
    }

    /// <summary>The crops.</summary>
    public CropPlan Plan { get; }

    /// <summary>The filter they were made with.</summary>
    public Interpolation Interpolation { get; }

    /// <summary>The pixels of one crop, not mirrored.</summary>
    public CropPixels this[int crop] => _crops[crop];

    /// <summary>The same image for one user more.</summary>
    public ResizedImage Share()
    {
        Interlocked.Increment(ref _shares);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _shares) > 0)
            return;
        foreach (byte[] pixels in _rented)
            ArrayPool<byte>.Shared.Return(pixels);
        _rented.Clear();
    }

    private byte[] Resize(DecodedImage image, ScaledRegion scaled)
    {
        PixelSize scale = Plan.Scales[scaled.Scale];
        PixelRegion inside = Reflection.Of(scaled.Region, scale);
        byte[] pixels = Rent(inside.Width * inside.Height * Channels);
        var size = new PixelSize(image.Width, image.Height);
        ImageResampler.Resize(image.Pixels, size, image.Visible, pixels, scale, inside, Interpolation);
        return inside == scaled.Region ? pixels : WithReflection(pixels, inside, scaled.Region, scale);
    }

    /// <summary>The pixels of a region that reaches beyond the image.</summary>
    /// <param name="pixels">What it shows of the image.</param>
    /// <param name="inside">Where that is.</param>
    /// <param name="region">The region.</param>
    /// <param name="size">Of the image.</param>
    private byte[] WithReflection(byte[] pixels, PixelRegion inside, PixelRegion region, PixelSize size)
    {
        byte[] padded = Rent(region.Width * region.Height * Channels);
        for (int y = 0; y < region.Height; y++)
        {
            int start = (Reflection.Of(region.Y + y, size.Height) - inside.Y) * inside.Width * Channels;
            Span<byte> row = padded.AsSpan(y * region.Width * Channels);
            for (int x = 0; x < region.Width; x++)
            {
                int source = start + ((Reflection.Of(region.X + x, size.Width) - inside.X) * Channels);
                pixels.AsSpan(source, Channels).CopyTo(row[(x * Channels)..]);
            }
        }

        return padded;
    }

    /// <summary>The window is cut out before it is resized: the filter must not see what lies around it.</summary>
    private byte[] ResizeWindow(CropPixels window, PixelSize size)
    {
        int row = size.Width * Channels;
        byte[] cut = ArrayPool<byte>.Shared.Rent(row * size.Height);
        for (int y = 0; y < size.Height; y++)
            window.From(y).Slice(0, row).CopyTo(cut.AsSpan(y * row));
        byte[] resized = Rent(Plan.CropSize.Width * Plan.CropSize.Height * Channels);
        ImageResampler.Resize(cut, size.Width, size.Height, resized, Plan.CropSize.Width, Plan.CropSize.Height, Interpolation);
        ArrayPool<byte>.Shared.Return(cut);
        return resized;
    }

    private byte[] Rent(int length)
    {
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length);
        _rented.Add(pixels);
        return pixels;
    }
}

/// <summary>Where the pixels of a crop are: rows of RGB.</summary>
/// <param name="Pixels">The memory.</param>
/// <param name="Start">The first pixel's byte.</param>
/// <param name="Stride">Bytes from one row to the next.</param>
internal readonly record struct CropPixels(byte[] Pixels, int Start, int Stride)
{
    /// <summary>Everything from the start of a row on.</summary>
    public ReadOnlySpan<byte> From(int row) => Pixels.AsSpan(Start + (row * Stride));
}
