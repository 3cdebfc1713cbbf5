using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Image files, decoded by the engine each time they are asked for.</summary>
public sealed class ImageFiles : IImageSource
{
    private readonly (string Path, int Label)[] _files;

    /// <summary>Serves files in this order, each with the index of its class.</summary>
    public ImageFiles((string Path, int Label)[] files) => _files = files;

    /// <summary>The service's decoder with its own limits: what is read here is served too. Full size always, because a crop may take any
    /// part of the image, at any scale.</summary>
    internal static ImageDecoder Decoder { get; } =
        new(Options.Create(new DecodingOptions { ReduceLargeJpegs = false }), NullLogger<ImageDecoder>.Instance);

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public int LabelOf(int index) => _files[index].Label;

    /// <inheritdoc/>
    public string? FileOf(int index) => _files[index].Path;

    /// <inheritdoc/>
    public DecodedImage Load(int index)
    {
        var path = _files[index].Path;
        var result = Decoder.Decode(File.ReadAllBytes(path));
        return result.Image ?? throw new UnreadableImageException(path, result.Detail!);
    }
}
