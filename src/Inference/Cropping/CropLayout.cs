namespace Saccade.Inference.Cropping;

/// <summary>From interleaved RGB rows to the order of a tensor.</summary>
/// <param name="Planar">One plane for each colour (NCHW); else interleaved (NHWC).</param>
/// <param name="Reversed">Blue first.</param>
internal readonly record struct CropLayout(bool Planar, bool Reversed)
{
    private const int Channels = 3;

    /// <summary>Copies a window.</summary>
    /// <param name="source">Pixels from the window's top left corner on.</param>
    /// <param name="stride">Bytes from one source row to the next.</param>
    /// <param name="width">Columns of the window.</param>
    /// <param name="height">Rows of it.</param>
    /// <param name="mirrored">Whether left and right are exchanged.</param>
    /// <param name="destination">Receives 3 × width × height bytes.</param>
    public void Arrange(ReadOnlySpan<byte> source, int stride, int width, int height, bool mirrored, Span<byte> destination)
    {
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = source.Slice(y * stride, width * Channels);
            if (Planar)
            {
                int plane = width * height;
                Span<byte> first = destination.Slice(y * width, width);
                Span<byte> second = destination.Slice(plane + (y * width), width);
                Span<byte> third = destination.Slice((2 * plane) + (y * width), width);
                PixelRow.Split(row, Reversed ? third : first, second, Reversed ? first : third, mirrored);
            }
            else
            {
                PixelRow.Copy(row, destination.Slice(y * width * Channels, width * Channels), mirrored, Reversed);
            }
        }
    }
}
