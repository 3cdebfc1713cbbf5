using Google.Protobuf;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Modules;
using Saccade.Training.Tests.Networks;
using Xunit;

namespace Saccade.Training.Tests.Onnx;

/// <summary>Every layer in every form that the networks use, alone: ONNX Runtime computes what TorchSharp computes.</summary>
public sealed class LayerVocabularyTests
{
    private const int Pixels = 13;

    public static TheoryData<string, Layer> Layers =>
        new()
        {
            { "convolution", new Conv(5, Window.Square(3, stride: 2, pad: 1), Bias: true) },
            { "factorised convolution, one row", new Conv(5, Window.Same(1, 7), Bias: false) },
            { "factorised convolution, one column", new Conv(5, Window.Same(7, 1), Bias: false) },
            { "strides that differ", new Conv(4, new Window((3, 2), (2, 1), (1, 0)), Bias: true) },
            { "depthwise convolution", new Conv(3, Window.Same(3, 3), Bias: false, Groups: 3) },
            { "depthwise convolution with multiplier 2", new Conv(6, Window.Square(7, stride: 2, pad: 3), Bias: false, Groups: 3) },
            {
                "convolution with more padding at the end",
                new Conv(5, Window.TensorFlowSame(3, 2, new Shape(3, Pixels - 1, Pixels)), Bias: true)
            },
            {
                "depthwise convolution with more padding at the end",
                new Conv(3, Window.Square(2, stride: 3) with { EndPad = (1, 1) }, Bias: false, Groups: 3)
            },
            { "normalisation without a scale", new BatchNorm(Epsilon: 0.1, Scale: false) },
            { "normalisation without convolution", new BatchNorm(Epsilon: 1e-5) },
            { "rectifier", new Relu() },
            { "exponential linear unit", new Elu() },
            { "maximum, rounded down", new MaxPool(Window.Square(4, stride: 3), RoundUp: false) },
            { "maximum, rounded up", new MaxPool(Window.Square(4, stride: 3), RoundUp: true) },
            { "maximum, padded and rounded up", new MaxPool(Window.Square(4, stride: 3, pad: 1), RoundUp: true) },
            { "mean that counts padding", new AvgPool(Window.Same(3, 3), RoundUp: false, CountPadding: true) },
            { "mean that does not count padding", new AvgPool(Window.Same(3, 3), RoundUp: false, CountPadding: false) },
            { "mean, rounded up", new AvgPool(Window.Square(4, stride: 3), RoundUp: true, CountPadding: false) },
            { "mean to one cell", new AdaptiveAvgPool(1, 1) },
            { "mean to each cell", new AdaptiveAvgPool(13, 13) },
            { "response normalisation", new Lrn(Size: 3, Alpha: 0.5, Beta: 0.6, Bias: 2) },
            { "dropout", new Dropout(0.9) },
        };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Encode_OneLayer_ComputesTheSame(string what, Layer layer) => AssertSame(what, net => net.Append("layer", layer, net.Input));

    [Fact]
    public void Encode_LinearWithoutBias_ComputesTheSame() =>
        AssertSame("linear", net => net.Append("hidden", new Linear(6, Bias: false), net.Append("pool", new GlobalAvgPool(), net.Input)));

    [Fact]
    public void Encode_Separable_FoldsIntoThePointwiseHalf() =>
        AssertSame(
            "separable",
            net =>
            {
                var x = net.Append("depthwise", new Conv(3, Window.Same(3, 3), Bias: false, Groups: 3), net.Input);
                x = net.Append("pointwise", new Conv(5, Window.Square(1), Bias: true), x);
                return net.Append("bn", new BatchNorm(Epsilon: 1e-3, Scale: false), x);
            }
        );

    [Fact]
    public void Encode_Shortcut_RectifierLeavesTheSharedValueAlone() =>
        AssertSame(
            "shortcut",
            net =>
            {
                var conv = net.Append("conv", new Conv(3, Window.Same(3, 3), Bias: true), net.Input);
                var relu = net.Append("relu", new Relu(), conv);
                return net.Append("sum", new Add(), relu, conv);
            }
        );

    [Fact]
    public void Encode_RectifiedInput_LeavesTheImageAlone() =>
        AssertSame(
            "input",
            net =>
            {
                var relu = net.Append("relu", new Relu(), net.Input);
                return net.Append("join", new Concat(), net.Input, relu);
            }
        );

    [Fact]
    public void Encode_RectifierAfterDropout_LeavesTheValueBeforeItAlone() =>
        AssertSame(
            "dropout",
            net =>
            {
                var conv = net.Append("conv", new Conv(3, Window.Same(3, 3), Bias: true), net.Input);
                var relu = net.Append("relu", new Relu(), net.Append("dropout", new Dropout(0.5), conv));
                return net.Append("join", new Concat(), conv, relu);
            }
        );

    [Fact]
    public void Encode_UnevenAdaptivePool_SaysThatOnnxHasNone()
    {
        var network = Finish(new NetworkBuilder("sketch", Pixels), net => net.Append("layer", new AdaptiveAvgPool(4, 4), net.Input));

        var error = Assert.Throws<NetworkException>(() => OnnxWriterTests.Encode(network, FormulaWeights.For(network)));

        Assert.Equal("layer layer: ONNX has no adaptive pool, and 3×13×13 does not divide into 4×4", error.Message);
    }

    [Fact]
    public void Encode_MeanThatCountsPaddingRoundedUp_Refused()
    {
        // 12 rows: the last window hangs over by one more than the padding.
        var pool = new AvgPool(Window.Square(4, stride: 3, pad: 1), RoundUp: true, CountPadding: true);
        var network = Finish(new NetworkBuilder("sketch", 12), net => net.Append("layer", pool, net.Input));

        var error = Assert.Throws<NetworkException>(() => OnnxWriterTests.Encode(network, FormulaWeights.For(network)));

        Assert.Equal("layer layer: ONNX cannot count padding but not what hangs over the edge", error.Message);
    }

    private static void AssertSame(string what, Func<NetworkBuilder, Node> build)
    {
        var network = Finish(new NetworkBuilder(what, Pixels), build);
        var weights = FormulaWeights.For(network);
        var images = FormulaWeights.Images(network, 3);
        using var module = new NetworkModule(network);
        ModuleWeights.Write(module, weights);
        using var runner = new OnnxRunner(OnnxWriterTests.Encode(network, weights).ToByteArray());

        var expected = NetworkModuleTests.Evaluate(module, images, 3);

        Assert.True(expected.Max() - expected.Min() > 0.01, what);
        Assert.InRange(NetworkModuleTests.LargestDifference(expected, runner.Run(images)), 0, 1e-5);
    }

    // Flattened rather than averaged, so that a value in the wrong place is seen.
    private static Network Finish(NetworkBuilder net, Func<NetworkBuilder, Node> build) =>
        net.Build(WeightInit.He, net.Append("fc", new Linear(4), net.Append("flatten", new Flatten(), build(net))));
}
