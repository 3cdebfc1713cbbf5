using System.Globalization;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class InceptionColoursTests
{
    [Theory]
    [InlineData(1f / 3, new[] { 0f, 1, 0 })]
    [InlineData(2f / 3, new[] { 0f, 0, 1 })]
    [InlineData(1f, new[] { 1f, 0, 0 })]
    [InlineData(-1f / 6, new[] { 1f, 0, 1 })]
    public void Hue_OfRed_TurnsRoundTheCircle(float turn, float[] expected)
    {
        float[] red = [1, 0, 0];
        InceptionColours.Hue(red, turn);

        Assert.All(expected.Zip(red), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Saturation_None_IsTheGreyOfTheBrightestChannel()
    {
        float[] colour = [0.2f, 0.6f, 0.4f];
        InceptionColours.Saturation(colour, 0);

        Assert.All(colour, value => Assert.Equal(0.6f, value, 1e-6f));
    }

    [Fact]
    public void Contrast_Half_HalvesTheDistanceFromEachChannelsMean()
    {
        float[] two = [0, 0.2f, 1, 1, 0.4f, 1];
        InceptionColours.Contrast(two, 0.5f);

        Assert.All(new[] { 0.25f, 0.25f, 1, 0.75f, 0.35f, 1 }.Zip(two), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    /// <summary>Saturation and hue of colours of all kinds, against Python's <c>colorsys</c>.</summary>
    [PythonFact("colorsys")]
    public async Task SaturationAndHue_ManyColours_EqualColorsys()
    {
        const string Script = """
            import colorsys, sys
            for line in sys.argv[1].split(';'):
                r, g, b, f, d = map(float, line.split())
                h, s, v = colorsys.rgb_to_hsv(r, g, b)
                print(*colorsys.hsv_to_rgb(h, min(1, s * f), v), *colorsys.hsv_to_rgb((h + d) % 1, s, v))
            """;
        var random = SplitMix64.At(3);
        var cases = Enumerable
            .Range(0, 200)
            .Select(_ =>
                (
                    Colour: Enumerable.Range(0, 3).Select(_ => random.Next(5) / 4f).ToArray(),
                    Factor: (float)random.NextDouble(0.5, 1.5),
                    Turn: (float)random.NextDouble(-0.2, 0.2)
                )
            )
            .ToList();
        var input = string.Join(
            ';',
            cases.Select(one =>
                string.Join(
                    ' ',
                    one.Colour.Append(one.Factor).Append(one.Turn).Select(value => value.ToString("R", CultureInfo.InvariantCulture))
                )
            )
        );

        var lines = (await PythonFactAttribute.RunAsync(Script, input)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(cases.Count, lines.Length);
        Assert.All(
            cases.Zip(lines),
            pair =>
            {
                var expected = pair.Second.Split(' ').Select(value => float.Parse(value, CultureInfo.InvariantCulture));
                float[] saturated = [.. pair.First.Colour];
                InceptionColours.Saturation(saturated, pair.First.Factor);
                float[] turned = [.. pair.First.Colour];
                InceptionColours.Hue(turned, pair.First.Turn);
                Assert.All(expected.Zip([.. saturated, .. turned]), value => Assert.Equal(value.First, value.Second, 1e-4f));
            }
        );
    }

    [Fact]
    public void Distort_NoStrength_LeavesTheImage()
    {
        var pixels = Enumerable.Range(0, 255).Select(value => (byte)value).ToArray();
        byte[] before = [.. pixels];
        for (var seed = 0; seed < 10; seed++)
        {
            var random = SplitMix64.At(seed);
            InceptionColours.Distort(pixels, 0, ref random);
        }

        Assert.Equal(before, pixels);
    }

    [Fact]
    public void Distort_Grey_MovesByTheBrightnessAlone()
    {
        HashSet<byte> levels = [];
        for (var seed = 0; seed < 300; seed++)
        {
            var grey = Enumerable.Repeat((byte)100, 3 * 16).ToArray();
            var random = SplitMix64.At(seed);
            InceptionColours.Distort(grey, 1, ref random);
            levels.Add(Assert.Single(grey.Distinct()));
        }

        Assert.InRange(levels.Min(), 68, 71);
        Assert.InRange(levels.Max(), 129, 132);
    }
}
