using System.Globalization;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Tests.Networks;
using Xunit;

namespace Saccade.Training.Tests.Modules;

/// <summary>
/// Fixtures hold the logits that published implementations gave, in evaluation mode on torch 1.13.1, for <see cref="FormulaWeights"/> and
/// one image by the same formula. Xception's logits are large with such weights, so what counts is the share of their range.
/// </summary>
public sealed class PublishedLogitsTests
{
    [Theory]
    [InlineData("googlenet-bn", "torchvision", 224, "torchvision-googlenet-logits.txt")]
    [InlineData("inception-v3", "torchvision", 299, "torchvision-inception-v3-logits.txt")]
    [InlineData("bn-inception", "cadene", 224, "cadene-bn-inception-logits.txt")]
    [InlineData("xception", "timm", 139, "cadene-xception-logits.txt")]
    public void Forward_FormulaWeights_GivesThePublishedImplementationsLogits(string name, string variant, int pixels, string fixture)
    {
        var expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Modules", fixture))
            .Select(line => float.Parse(line, CultureInfo.InvariantCulture))
            .ToArray();
        using var module = new NetworkModule(
            Architectures.Create(
                name,
                new NetworkOptions
                {
                    Variant = variant,
                    Input = pixels,
                    Stem = Stem.Full,
                }
            )
        );
        ModuleWeights.Write(module, FormulaWeights.For(module.Network));

        var actual = NetworkModuleTests.Evaluate(module, FormulaWeights.Images(module.Network, 1), 1);

        var range = expected.Max() - expected.Min();
        Assert.Equal(1000, expected.Length);
        Assert.True(range > 1, "the fixture's logits must differ for the comparison to mean anything");
        Assert.InRange(NetworkModuleTests.LargestDifference(expected, actual) / range, 0, 1e-5);
    }
}
