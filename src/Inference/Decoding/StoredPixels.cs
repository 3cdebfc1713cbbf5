namespace Saccade.Inference.Decoding;

/// <summary>The rented pixels of one image between the decoder and its upright form.</summary>
/// <param name="header">A header within the limits.</param>
/// <param name="reduction">1, 2, 4 or 8: how many stored pixels become one, along each side.</param>
internal sealed class StoredPixels(ImageHeader header, int reduction) : IDisposable
{
    private readonly int _width = (header.Width + reduction - 1) / reduction;
    private readonly int _height = (header.Height + reduction - 1) / reduction;
    private byte[]? _rgb;

    private int Length => 3 * _width * _height;

    /// <summary>Reads a JPEG with libjpeg-turbo.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public string? ReadJpeg(ReadOnlySpan<byte> encoded, TurboJpeg turbo)
    {
        _rgb = PixelBuffer.Rent(Length);
        if (header.Components != 4)
        {
            return turbo.Decode(encoded, _rgb, _width, _height, cmyk: false);
        }

        byte[] cmyk = PixelBuffer.Rent(4 * _width * _height);
        try
        {
            string? problem = turbo.Decode(encoded, cmyk, _width, _height, cmyk: true);
            if (problem is null)
            {
                CmykPixels.ToRgb(cmyk.AsSpan(0, 4 * _width * _height), _rgb);
            }

            return problem;
        }
        finally
        {
            PixelBuffer.Return(cmyk);
        }
    }

    /// <summary>Reads a JPEG with ImageSharp.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public string? ReadJpeg(ReadOnlySpan<byte> encoded, ImageSharpDecoder imageSharp) => Read(encoded, imageSharp);

    /// <summary>Reads a PNG.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public string? ReadPng(ReadOnlySpan<byte> encoded, ImageSharpDecoder imageSharp)
    {
        using var image = new PngImage(encoded);
        return image.IsWhole() ? Read(image.File, imageSharp) : "rows are missing, or a checksum is wrong";
    }

    /// <summary>Reads a WebP.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public string? ReadWebP(ReadOnlySpan<byte> encoded, ImageSharpDecoder imageSharp)
    {
        const string cutOff = "its image data end early";
        using var extended = WebPImage.Extended(encoded, header);
        if (extended is null)
        {
            return cutOff;
        }

        using var stored = WebPImage.Stored(encoded, header);
        return Read(stored.File, imageSharp) is { } problem ? problem
            : imageSharp.Holds(extended.File, ImageFormat.WebP, _width, _rgb.AsSpan(0, Length)) ? null
            : cutOff;
    }

    /// <summary>Hands the pixels over, turned upright.</summary>
    public DecodedImage ToUprightImage()
    {
        byte[] pixels = _rgb ?? throw new InvalidOperationException("Nothing was read.");
        Orientation orientation = header.Orientation ?? Orientation.Normal;
        if (orientation == Orientation.Normal)
        {
            _rgb = null;
        }
        else
        {
            byte[] upright = PixelBuffer.Rent(Length);
            PixelOrientation.Apply(pixels, _width, _height, orientation, upright);
            pixels = upright;
        }

        // The last column and row of a reduced image may stand for fewer stored pixels than the others.
        var stored = new PixelBox(0, 0, (double)header.Width / reduction, (double)header.Height / reduction);
        PixelBox visible = PixelOrientation.Apply(stored, _width, _height, orientation);
        bool turned = PixelOrientation.SwapsSides(orientation);
        return new DecodedImage(pixels, turned ? _height : _width, turned ? _width : _height, PixelBuffer.Return)
        {
            FullWidth = turned ? header.Height : header.Width,
            FullHeight = turned ? header.Width : header.Height,
            Visible = visible,
        };
    }

    private string? Read(ReadOnlySpan<byte> encoded, ImageSharpDecoder imageSharp)
    {
        _rgb = PixelBuffer.Rent(Length);
        return imageSharp.Read(encoded, header.Format, _width, _height, _rgb.AsSpan(0, Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rgb is not null)
        {
            PixelBuffer.Return(_rgb);
            _rgb = null;
        }
    }
}
