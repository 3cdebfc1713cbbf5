using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Quantisation;
using Saccade.Training.Tests.Networks;
using Xunit;

namespace Saccade.Training.Tests.Onnx;

public sealed class PixelBlocksTests
{
    private const int Side = 8;
    private const int Outputs = 2;

    [Theory]
    [InlineData(7, 3)]
    [InlineData(5, 2)]
    [InlineData(3, 1)]
    [InlineData(3, 0)]
    [InlineData(2, 0)]
    public void Rearrange_StrideTwo_SumsTheSameProducts(int size, int pad)
    {
        var conv = new Conv(Outputs, Window.Square(size, 2, pad), Bias: true);
        var grid = conv.Window.Slide(new Shape(3, Side, Side))!.Value.Rows;
        var blocks = PixelBlocks.For(conv, new Shape(3, Side, Side), new Shape(Outputs, grid, grid))!;
        float[] pixels = [.. Enumerable.Range(0, 3 * Side * Side).Select(i => i * 37 % 101)];
        float[] kernel = [.. Enumerable.Range(0, Outputs * 3 * size * size).Select(i => (i * 29 % 53) - 26)];

        var expected = Convolve(pixels, 3, Side, kernel, size, stride: 2, pad, pad);
        var actual = Convolve(
            InBlocks(pixels),
            12,
            Side / 2,
            blocks.Rearrange(kernel, 3, size, pad),
            blocks.Kernel,
            stride: 1,
            blocks.Before,
            blocks.After
        );

        Assert.Equal(Outputs * grid * grid, expected.Length);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(3, 1, 1, 8)]
    [InlineData(3, 2, 0, 9)]
    [InlineData(3, 3, 1, 9)]
    public void For_OtherStrideOrHalfABlock_IsNotDone(int size, int stride, int pad, int side)
    {
        var conv = new Conv(Outputs, Window.Square(size, stride, pad), Bias: true);
        var grid = conv.Window.Slide(new Shape(3, side, side))!.Value.Rows;

        Assert.Null(PixelBlocks.For(conv, new Shape(3, side, side), new Shape(Outputs, grid, grid)));
    }

    [Fact]
    public void Encode_FirstConvolutionOfStrideTwo_ReadsBlocksAndAnswersAsTheFloats()
    {
        var net = new NetworkBuilder("sketch", 16);
        var x = net.Append("relu", new Relu(), net.Append("conv", new Conv(6, Window.Square(7, 2, 3), Bias: true), net.Input));
        var network = net.Build(WeightInit.He, net.Append("fc", new Linear(5), net.Append("flatten", new Flatten(), x)));
        var weights = FormulaWeights.For(network);
        var images = Pixels.Noise(network.Input.Output, 6).ToArray();
        var preprocessing = new ManifestPreprocessing(
            16,
            18,
            Interpolation.Bilinear,
            ChannelOrder.Rgb,
            1,
            [0.5f, 0.5f, 0.5f],
            [0.25f, 0.25f, 0.25f]
        );
        var manifest = new ModelManifest
        {
            Architecture = BundleExport.Describe(network, 1),
            Input = BundleExport.InputOf(network, new ExportFormat(Precision.Int8, InputType.UInt8)),
            Output = OnnxWriter.OutputName,
            Preprocessing = preprocessing,
            Labels = ["a", "b", "c", "d", "e"],
        };

        var model = new Quantiser(
            network,
            weights,
            manifest,
            new ExportFormat(Precision.Int8, InputType.UInt8),
            images,
            CancellationToken.None
        ).Encode([]);

        using var integers = new OnnxRunner(model);
        using var floats = new OnnxRunner(
            Google.Protobuf.MessageExtensions.ToByteArray(OnnxWriter.Encode(network, weights, new Dictionary<string, string>()))
        );
        var together = images.SelectMany(image => image).ToArray();
        var cosine = Quantiser.Cosine(floats.Run(Pixels.Normalise(together, 16 * 16, preprocessing)), integers.Run(together), classes: 5);
        Assert.Contains("input.gathered", System.Text.Encoding.Latin1.GetString(model), StringComparison.Ordinal);
        Assert.InRange(cosine, 0.999, 1.0001);
    }

    private static float[] InBlocks(float[] pixels)
    {
        var (blocks, half) = (new float[pixels.Length], Side / 2);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (channel, row, column) = (i / (Side * Side), i / Side % Side, i % Side);
            var to = (((row % 2) * 2) + (column % 2)) * 3 + channel;
            blocks[(((to * half) + (row / 2)) * half) + (column / 2)] = pixels[i];
        }

        return blocks;
    }

    private static float[] Convolve(float[] input, int channels, int side, float[] kernel, int size, int stride, int before, int after)
    {
        var grid = ((side + before + after - size) / stride) + 1;
        var sums = new float[Outputs * grid * grid];
        for (var at = 0; at < sums.Length; at++)
        {
            var (output, row, column) = (at / (grid * grid), at / grid % grid, at % grid);
            for (var tap = 0; tap < channels * size * size; tap++)
            {
                var (channel, y, x) = (
                    tap / (size * size),
                    (row * stride) + (tap / size % size) - before,
                    (column * stride) + (tap % size) - before
                );
                if (y >= 0 && y < side && x >= 0 && x < side)
                    sums[at] += input[(((channel * side) + y) * side) + x] * kernel[(output * channels * size * size) + tap];
            }
        }

        return sums;
    }
}
