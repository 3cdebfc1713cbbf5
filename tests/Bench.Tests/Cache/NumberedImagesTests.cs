using Saccade.Bench.Cache;

namespace Saccade.Bench.Tests.Cache;

public sealed class NumberedImagesTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xDA, 1, 2, 3, 0xFF, 0xD9];

    [Fact]
    public void Fresh_Always_IsAnotherFileWithTheSameImage()
    {
        var images = new NumberedImages(Jpeg);

        byte[][] files = [images.Fresh(), images.Fresh()];

        Assert.NotEqual(files[0], files[1]);
        Assert.All(files, file => Assert.Equal([0xFF, 0xD8, 0xFF, 0xFE, 0, 6], file[..6]));
        Assert.All(files, file => Assert.Equal(Jpeg[2..], file[10..]));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1, 10)]
    public void Mixed_NoneOrAllRepeat_AreAllDifferentOrTheFew(double repeats, int different)
    {
        var mixed = new NumberedImages(Jpeg).Mixed(1000, repeats, popular: 10, seed: 1);

        Assert.Equal(different, mixed.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Mixed_AFifthRepeats_IsAboutAFifth()
    {
        var mixed = new NumberedImages(Jpeg).Mixed(10_000, repeats: 0.2, popular: 10, seed: 1).Select(Convert.ToHexString);

        Assert.InRange(
            mixed.GroupBy(file => file, StringComparer.Ordinal).Where(same => same.Count() > 1).Sum(same => same.Count()),
            1800,
            2200
        );
    }
}
