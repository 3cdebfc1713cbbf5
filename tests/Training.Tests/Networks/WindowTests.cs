using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Networks.Layers;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class WindowTests
{
    [Fact]
    public void Slide_AnyWindow_CountsTheStartsThatTorchCounts() =>
        Prop.ForAll(
                Arb.From(Gen.Choose(1, 40)),
                Arb.From(Gen.Choose(1, 7)),
                Arb.From(Gen.Choose(1, 4)),
                (size, kernel, stride) =>
                    Enumerable
                        .Range(0, (kernel / 2) + 1)
                        .All(pad =>
                            new[] { false, true }.All(roundUp =>
                                Steps(size, kernel, stride, pad, roundUp)
                                == (Window.Square(kernel, stride, pad).Slide(new Shape(1, size, size), roundUp)?.Rows ?? 0)
                            )
                        )
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(112, 3, 2, 0, 56)]
    [InlineData(55, 3, 2, 0, 27)]
    [InlineData(14, 2, 2, 0, 7)]
    [InlineData(7, 2, 2, 0, 4)]
    public void Slide_RoundUp_MatchesTorchvision(int size, int kernel, int stride, int pad, int expected) =>
        Assert.Equal((expected, expected), Window.Square(kernel, stride, pad).Slide(new Shape(3, size, size), roundUp: true));

    // Walks along the padded axis: a window counts if it lies inside, or, rounding up, if it begins on the image or the padding before
    // it.
    private static int Steps(int size, int kernel, int stride, int pad, bool roundUp)
    {
        var count = 0;
        for (
            var start = -pad;
            roundUp ? start < size && start + kernel - stride < size + pad : start + kernel <= size + pad;
            start += stride
        )
            count++;
        return count;
    }
}
