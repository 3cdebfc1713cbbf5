using Saccade.Inference.Decoding;

namespace Saccade.Inference.Looks;

/// <summary>A decoded picture that may be wanted for a further round.</summary>
internal sealed class KeptPicture(DecodedImage picture, KeptPictures pictures) : IDisposable
{
    private int _kept;
    private bool _disposed;

    /// <summary>The pixels; gone once disposed.</summary>
    public DecodedImage Picture => picture;

    /// <summary>Keeps it while the request waits; false if other requests' pictures take the memory.</summary>
    public bool TryKeep()
    {
        if (_kept == 0 && pictures.TryKeep(picture.Pixels.Length)) _kept = picture.Pixels.Length;
        return _kept > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        picture.Dispose();
        if (_kept > 0) pictures.Release(_kept);
    }
}
