using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SixLabors.ImageSharp.Memory;

namespace Saccade.Inference.Decoding;

/// <summary>
/// Encoded bytes to upright RGB: format by first bytes, structure and limits from the header, then the pixels. Safe for
/// concurrent use.
/// </summary>
public sealed class ImageDecoder
{
    private readonly DecodingOptions _options;
    private readonly ILogger<ImageDecoder> _logger;
    private readonly ImageSharpDecoder _imageSharp;
    private readonly TurboJpeg? _turbo;

    /// <summary>Chooses the JPEG decoder and says which in the log.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="logger">Where the choice is logged, once.</param>
    /// <exception cref="InvalidOperationException">libjpeg-turbo is demanded and not installed.</exception>
    public ImageDecoder(IOptions<DecodingOptions> options, ILogger<ImageDecoder> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _logger = logger;
        _imageSharp = new ImageSharpDecoder(_options);
        _turbo = _options.JpegDecoder == JpegDecoder.ImageSharp ? null : TurboJpeg.TryLoad();
        if (_turbo is null && _options.JpegDecoder == JpegDecoder.LibjpegTurbo)
        {
            throw new InvalidOperationException(
                $"{DecodingOptions.Section}:{nameof(DecodingOptions.JpegDecoder)} asks for libjpeg-turbo, which is not installed (Debian: "
                    + "libturbojpeg0)."
            );
        }

        JpegDecoderName = _turbo is null ? "ImageSharp" : "libjpeg-turbo";
        Log.JpegDecoderChosen(logger, JpegDecoderName);
    }

    /// <summary>What decodes JPEG here: <c>libjpeg-turbo</c> or <c>ImageSharp</c>.</summary>
    public string JpegDecoderName { get; }

    /// <summary>Decodes one image.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="minShorterSide">
    /// A smaller image will do as long as its shorter side keeps this many pixels: a JPEG may then be read at 1/2, 1/4 or
    /// 1/8 (<see cref="DecodedImage.FullWidth"/> tells its real size). 0 means full size.
    /// </param>
    /// <returns>The image, or why there is none. Never throws for anything the bytes hold.</returns>
    public DecodeResult Decode(ReadOnlyMemory<byte> encoded, int minShorterSide = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minShorterSide);
        return Probe(encoded.Span, out ImageHeader header) ?? Decode(encoded, header, minShorterSide);
    }

    /// <summary>Reads the header, and holds it to the limits.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="header">What it says; empty where the bytes are of no format.</param>
    /// <returns>Why there will be no image, or null.</returns>
    internal DecodeResult? Probe(ReadOnlySpan<byte> bytes, out ImageHeader header)
    {
        header = default;
        if (bytes.IsEmpty)
        {
            return new DecodeResult(ClassifyFailure.UnsupportedImage, "The image is empty.");
        }

        if (ImageHeader.Read(bytes) is not { } read)
        {
            string other = OtherFormat.Name(bytes) is { } name ? $"{name} is not" : "The bytes are of no image format that is";
            return new DecodeResult(ClassifyFailure.UnsupportedImage, $"{other} read here: JPEG, PNG and WebP are.");
        }

        header = read;
        if (ExceedsLimits(header) is { } limit)
        {
            return new DecodeResult(ClassifyFailure.ImageTooLarge, limit);
        }

        if (header.Problem is { } problem)
        {
            return new DecodeResult(header.Unsupported ? ClassifyFailure.UnsupportedImage : ClassifyFailure.InvalidImage, problem);
        }

        return null;
    }

    /// <summary>How much memory decoding takes at its peak, by what the decoders were measured to need (docs/decisions/0022).</summary>
    /// <param name="header">Of a file that passed <see cref="Probe"/>.</param>
    /// <param name="minShorterSide">As for decoding.</param>
    /// <returns>Bytes, the pixels included.</returns>
    internal long MemoryFor(in ImageHeader header, int minShorterSide)
    {
        long stored = (long)header.Width * header.Height;
        int reduction = ReductionOf(header, minShorterSide);
        long pixels = stored / (reduction * reduction);
        long turned = header.Orientation is null or Orientation.Normal ? 0 : 3;
        return header.Format switch
        {
            // Every coefficient, two bytes each, until the last scan. CMYK beside the RGB it becomes.
            ImageFormat.Jpeg when _turbo is not null => (pixels * (3 + turned + (header.Components == 4 ? 4 : 0)))
                + (header.Progressive ? stored * 2 * Math.Max(1, header.Components) : 0),
            ImageFormat.Jpeg => stored * (12 + turned),
            ImageFormat.Png => stored * (8 + turned),
            _ => stored * (14 + turned),
        };
    }

    private string? ExceedsLimits(ImageHeader header)
    {
        if (header.Width > _options.MaxImageSide || header.Height > _options.MaxImageSide)
        {
            return $"The image is {header.Width} × {header.Height} pixels; the longest side read here is {_options.MaxImageSide}.";
        }

        return (long)header.Width * header.Height > _options.MaxImagePixels
            ? $"The image is {header.Width} × {header.Height} pixels; at most {_options.MaxImagePixels} are read here."
            : null;
    }

    /// <summary>Decodes a file that passed <see cref="Probe"/>.</summary>
    internal DecodeResult Decode(ReadOnlyMemory<byte> file, in ImageHeader header, int minShorterSide)
    {
        ReadOnlySpan<byte> encoded = file.Span;
        string name = header.Format == ImageFormat.WebP ? "WebP" : header.Format.ToString().ToUpperInvariant();
        var stored = new StoredPixels(header, ReductionOf(header, minShorterSide));
        try
        {
            string? problem = header.Format switch
            {
                ImageFormat.Png => stored.ReadPng(encoded, _imageSharp),
                ImageFormat.WebP => stored.ReadWebP(encoded, _imageSharp),
                _ => ReadJpeg(stored, header.NeedsRepair ? JpegHeaderRepair.Repair(encoded, header) : encoded),
            };
            return problem is null
                ? new DecodeResult(stored.ToUprightImage())
                : new DecodeResult(ClassifyFailure.InvalidImage, $"The {name} file is damaged: {problem.TrimEnd('.')}.");
        }
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            return new DecodeResult(ClassifyFailure.OutOfMemory, "There is no memory for the image at the moment.");
        }
        catch (Exception exception)
        {
            // A decoder that stumbles over hostile bytes is its bug, but it must cost this request a refusal and nobody an error.
            Log.DecoderFailed(_logger, name, encoded.Length, exception);
            return new DecodeResult(ClassifyFailure.InvalidImage, $"The {name} file is damaged.");
        }
        finally
        {
            stored.Dispose();
        }
    }

    private string? ReadJpeg(StoredPixels stored, ReadOnlySpan<byte> encoded) =>
        _turbo is null ? stored.ReadJpeg(encoded, _imageSharp) : stored.ReadJpeg(encoded, _turbo);

    /// <summary>ImageSharp wraps what its allocator throws in an exception about the file.</summary>
    private static bool IsOutOfMemory(Exception exception) =>
        exception is OutOfMemoryException or InvalidMemoryOperationException || exception.InnerException is InvalidMemoryOperationException;

    /// <summary>The largest of 1, 2, 4 and 8 that leaves enough pixels; 1 for what cannot or may not be reduced.</summary>
    private int ReductionOf(in ImageHeader header, int minShorterSide)
    {
        if (minShorterSide == 0 || header.Format != ImageFormat.Jpeg || _turbo is null || !_options.ReduceLargeJpegs)
        {
            return 1;
        }

        int reduction = 8;
        while (reduction > 1 && Math.Min(header.Width, header.Height) / reduction < minShorterSide)
        {
            reduction /= 2;
        }

        return reduction;
    }
}
