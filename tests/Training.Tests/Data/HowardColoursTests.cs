using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class HowardColoursTests
{
    private const int Side = 9;

    /// <summary>Each enhancement at several factors, against Pillow's own, to the bit.</summary>
    [PythonFact("PIL")]
    public async Task Enhancements_SeveralFactors_EqualPillow()
    {
        const string Script = """
            import sys
            from PIL import Image, ImageEnhance
            side, pixels = int(sys.argv[1]), bytes.fromhex(sys.argv[2])
            image = Image.frombytes('RGB', (side, side), pixels)
            for factor in (0.5, 0.81, 1.0, 1.27, 1.5):
                for kind in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
                    print(kind(image).enhance(factor).tobytes().hex())
            """;
        var pixels = Noise();
        var expected = (await PythonFactAttribute.RunAsync(Script, $"{Side}", Convert.ToHexString(pixels))).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );

        List<string> actual = [];
        foreach (var factor in new[] { 0.5f, 0.81f, 1, 1.27f, 1.5f })
        {
            foreach (var enhance in new Enhancement[] { HowardColours.Brightness, HowardColours.Contrast, HowardColours.Colour })
            {
                byte[] copy = [.. pixels];
                enhance(copy, factor);
                actual.Add(Convert.ToHexString(copy).ToLowerInvariant());
            }
        }

        Assert.Equal(15, expected.Length);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Distort_NoStrength_LeavesTheImage()
    {
        var pixels = Noise();
        var random = SplitMix64.At(5);
        HowardColours.Distort(pixels, 0, ref random);

        Assert.Equal(Noise(), pixels);
    }

    [Fact]
    public void Distort_AnyDraw_StaysWithinTheSpreadAndDiffersFromDrawToDraw()
    {
        // On grey, contrast and colour do nothing, so brightness alone is seen.
        HashSet<byte> levels = [];
        for (var seed = 0; seed < 300; seed++)
        {
            var grey = Enumerable.Repeat((byte)100, 3 * Side * Side).ToArray();
            var random = SplitMix64.At(seed);
            HowardColours.Distort(grey, 1, ref random);
            levels.Add(Assert.Single(grey.Distinct()));
        }

        Assert.InRange(levels.Min(), 50, 55);
        Assert.InRange(levels.Max(), 144, 150);
        Assert.True(levels.Count > 70);
    }

    private delegate void Enhancement(Span<byte> pixels, float factor);

    private static byte[] Noise()
    {
        var random = SplitMix64.At(1);
        return [.. Enumerable.Range(0, 3 * Side * Side).Select(_ => (byte)random.Next(256))];
    }
}
