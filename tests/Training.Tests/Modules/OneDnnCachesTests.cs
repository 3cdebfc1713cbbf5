using Saccade.Training.Modules;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Saccade.Training.Tests.Modules;

/// <summary>Convolutions are right on this machine, whatever it tells of its caches: forward and both gradients, against double
/// precision.</summary>
public sealed class OneDnnCachesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convolution_AnySize_IsThatOfDoublePrecision(bool channelsLast)
    {
        OneDnnCaches.Settle();
        var random = new Random(7);

        for (var round = 0; round < 80; round++)
        {
            var (batch, inputs, outputs, side) = (random.Next(1, 9), random.Next(1, 70), random.Next(1, 70), random.Next(7, 30));
            var (kernel, stride, groups) = (2 * random.Next(0, 4) + 1, random.Next(1, 3), 1L);
            if (round % 5 == 0)
                (outputs, groups) = (inputs, inputs);

            var worst = WorstError(batch, inputs, outputs, kernel, stride, groups, side, channelsLast);

            Assert.True(
                worst < 1e-4,
                $"{batch} × {inputs} → {outputs}, {kernel} × {kernel}, stride {stride}, {groups} groups, {side} px: relative error "
                    + $"{worst:g2}"
            );
        }
    }

    [Fact]
    public void TablesIn_OneTableBetweenOtherWords_IsFound() => Assert.Equal([3], OneDnnCaches.TablesIn([1, 1, 1, .. Table, 3, 3]));

    [Fact]
    public void TablesIn_SoundSizes_AreNoFind()
    {
        int[] sound = [.. Table];
        sound[2] = 48 * 1024;

        Assert.Empty(OneDnnCaches.TablesIn(sound));
    }

    [Fact]
    public void TablesIn_CutOffAtTheEnd_IsNoFind() => Assert.Empty(OneDnnCaches.TablesIn(Table.AsSpan(0, Table.Length - 1)));

    private static int[] Table => [1, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3];

    private static double WorstError(int batch, int inputs, int outputs, int kernel, int stride, long groups, int side, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        manual_seed((batch * 100) + inputs);
        var pixels = randn(batch, inputs, side, side);
        if (channelsLast)
            pixels = pixels.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var weights = randn(outputs, inputs / groups, kernel, kernel);

        var single = Gradients(pixels, weights, stride, kernel / 2, groups);
        var twice = Gradients(pixels.to(float64), weights.to(float64), stride, kernel / 2, groups);

        return single
            .Zip(twice, (left, right) => (left.to(float64).sub(right).abs().max() / right.abs().max()).item<double>())
            .Max(error => double.IsFinite(error) ? error : double.MaxValue);
    }

    private static Tensor[] Gradients(Tensor pixels, Tensor weights, int stride, int pad, long groups)
    {
        var (x, w) = (pixels.detach().requires_grad_(true), weights.detach().requires_grad_(true));
        var y = F.conv2d(x, w, strides: [stride, stride], padding: [pad, pad], groups: groups);
        y.mul(y.detach()).sum().backward();
        return [y.detach(), x.grad!, w.grad!];
    }
}
