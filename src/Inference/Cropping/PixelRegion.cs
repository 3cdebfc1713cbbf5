namespace Saccade.Inference.Cropping;

/// <summary>Whole pixels of an image: columns <paramref name="X"/> to X + Width, rows <paramref name="Y"/> to Y + Height.</summary>
internal readonly record struct PixelRegion(int X, int Y, int Width, int Height)
{
    /// <summary>The smallest region that holds both.</summary>
    public PixelRegion Union(PixelRegion other)
    {
        int x = Math.Min(X, other.X);
        int y = Math.Min(Y, other.Y);
        return new PixelRegion(x, y, Math.Max(X + Width, other.X + other.Width) - x, Math.Max(Y + Height, other.Y + other.Height) - y);
    }

    public long Area => (long)Width * Height;
}
