using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Training.Import;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>Each family's own words, as its implementation states them.</summary>
public sealed class PublishedPreprocessingTests
{
    [Theory]
    [InlineData("Torchvision", "googlenet-bn", 224, true, false, "256 256 Rgb 1 0.5 0.5 0.5 0.5 0.5 0.5")]
    [InlineData("Torchvision", "googlenet-bn", 224, false, false, "256 256 Rgb 1 0.485 0.456 0.406 0.229 0.224 0.225")]
    [InlineData("Torchvision", "inception-v3", 299, true, false, "342 342 Rgb 1 0.5 0.5 0.5 0.5 0.5 0.5")]
    [InlineData("Torchvision", "xception", 299, false, false, "333 333 Rgb 1 0.485 0.456 0.406 0.229 0.224 0.225")]
    [InlineData("Tf", "xception", 299, false, false, "333 333 Rgb 1 0.5 0.5 0.5 0.5 0.5 0.5")]
    [InlineData("Tf", "inception-v3", 299, false, true, "299 342 Rgb 1 0.5 0.5 0.5 0.5 0.5 0.5")]
    [InlineData("ZeroOne", "googlenet-bn", 224, false, false, "256 256 Rgb 1 0 0 0 1 1 1")]
    [InlineData("Caffe", "googlenet", 224, false, false, "256 256 Bgr 255 104 117 123 1 1 1")]
    [InlineData("Caffe", "bn-inception", 224, false, false, "256 256 Bgr 255 104 117 128 1 1 1")]
    public void For_Family_WritesItsManifest(string kind, string architecture, int input, bool transformInput, bool whole, string expected)
    {
        var made = PublishedPreprocessing.For(Enum.Parse<PreprocessingKind>(kind), architecture, input, transformInput, whole);

        Assert.Equal(
            expected,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{made.ResizeShorterSide} {made.MultiCropShorterSide} {made.ChannelOrder} {made.Scale} {string.Join(' ', made.Mean)} "
                    + $"{string.Join(' ', made.Std)}"
            )
        );
        Assert.Equal(Interpolation.Bilinear, made.Interpolation);
    }

    [Theory]
    [InlineData("googlenet-bn", "Torchvision", true)]
    [InlineData("inception-v3", "Torchvision", true)]
    [InlineData("xception", "Tf", false)]
    [InlineData("bn-inception", "Caffe", false)]
    [InlineData("googlenet", "Caffe", false)]
    public void UsualFor_Network_IsThatOfItsPublishedWeights(string architecture, string kind, bool transforms)
    {
        Assert.Equal(kind, $"{PublishedPreprocessing.UsualFor(architecture)}");
        Assert.Equal(transforms, PublishedPreprocessing.HasTransformInput(architecture));
    }
}
