using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Compat.Tests;

public sealed class PixelAccessTests
{
    [Fact]
    public void Pixels_EveryWayIn_AreTheSame()
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>((ReadOnlySpan<byte>)[1, 2, 3, 4, 5, 6], 2, 1);
        Assert.Equal(new Rgb24(4, 5, 6), image[1, 0]);
        var copied = new byte[6];
        image.CopyPixelDataTo(copied);
        Assert.Equal([1, 2, 3, 4, 5, 6], copied);
        Assert.True(image.DangerousTryGetSinglePixelMemory(out Memory<Rgb24> memory));
        memory.Span[0] = new Rgb24(9, 9, 9);
        image.ProcessPixelRows(static rows => Assert.Equal(new Rgb24(9, 9, 9), rows.GetRowSpan(0)[0]));
    }

    [Fact]
    public void Image_New_IsBlackThoughItsMemoryWasUsedBefore()
    {
        new Image<Rgb24>(64, 64, new Rgb24(7, 7, 7)).Dispose();
        using var image = new Image<Rgb24>(64, 64);
        Assert.Equal(0, Fixture.Difference(image, static (_, _) => default));
    }

    [Fact]
    public void Image_Disposed_RefusesAccess()
    {
        var image = new Image<Rgb24>(2, 2);
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image[0, 0]);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    [InlineData(-1, 0)]
    public void Indexer_Outside_Throws(int x, int y)
    {
        using var image = new Image<Rgb24>(2, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[x, y]);
    }
}
