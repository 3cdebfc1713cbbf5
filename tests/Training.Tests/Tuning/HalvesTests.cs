using Saccade.Inference.Decoding;
using Saccade.Training.Data;
using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Tuning;

public sealed class HalvesTests
{
    [Fact]
    public void Of_Images_EveryOneIsInOneHalfAndEveryClassIsHalved()
    {
        var labels = new Labels([0, 1, 1, 0, 2, 1, 0, 0, 1, 2, 0]);

        var halves = Halves.Of(labels);

        Assert.Equal(Enumerable.Range(0, 11), halves.Fitted.Concat(halves.Measured).Order());
        foreach (var label in new[] { 0, 1, 2 })
        {
            var (fitted, measured) = (
                halves.Fitted.Count(image => labels.LabelOf(image) == label),
                halves.Measured.Count(image => labels.LabelOf(image) == label)
            );
            Assert.InRange(fitted - measured, 0, 1);
        }
    }

    [Fact]
    public void Of_TooFew_IsRefused() => Assert.Throws<InvalidDataException>(() => Halves.Of(new Labels([0, 1, 2])));

    private sealed class Labels(int[] labels) : IImageSource
    {
        public int Count => labels.Length;

        public int LabelOf(int index) => labels[index];

        public DecodedImage Load(int index) => throw new NotSupportedException("No image is needed.");
    }
}
