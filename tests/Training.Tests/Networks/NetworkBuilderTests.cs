using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class NetworkBuilderTests
{
    private readonly NetworkBuilder _net = new("sketch", 8);

    [Fact]
    public void Concat_GridsDiffer_NamesLayerAndShapes()
    {
        var small = _net.Append("pool", new MaxPool(Window.Square(2, stride: 2), RoundUp: false), _net.Input);

        AssertRefused("sketch: layer join (Concat): grids of 3×8×8 and 3×4×4 differ", "join", new Concat(), _net.Input, small);
    }

    [Fact]
    public void Add_ShapesDiffer_NamesLayerAndShapes()
    {
        var wide = _net.Append("wide", new Conv(16, Window.Square(1), Bias: false), _net.Input);

        AssertRefused("sketch: layer sum (Add): shapes 3×8×8 and 16×8×8 differ", "sum", new Add(), _net.Input, wide);
    }

    [Fact]
    public void Conv_WindowLargerThanInput_NamesLayerAndShapes() =>
        AssertRefused(
            "sketch: layer big (Conv): window 11×11/1 with padding 1×1 is larger than input 3×8×8",
            "big",
            new Conv(4, Window.Square(11, pad: 1), Bias: true),
            _net.Input
        );

    [Fact]
    public void Conv_GroupsDoNotDivide_NamesLayerAndShapes() =>
        AssertRefused(
            "sketch: layer split (Conv): 2 groups divide neither or only one of input 3×8×8 and 4 output channels",
            "split",
            new Conv(4, Window.Square(1), Bias: true, Groups: 2),
            _net.Input
        );

    [Fact]
    public void MaxPool_PaddingOverHalf_NamesLayerAndShapes() =>
        AssertRefused(
            "sketch: layer pool (MaxPool): padding 2×2 is more than half of window 3×3/1 on input 3×8×8",
            "pool",
            new MaxPool(Window.Square(3, pad: 2), RoundUp: false),
            _net.Input
        );

    [Fact]
    public void AvgPool_WindowLargerThanInput_NamesLayerAndShapes() =>
        AssertRefused(
            "sketch: layer pool (AvgPool): window 9×9/1 is larger than input 3×8×8",
            "pool",
            new AvgPool(Window.Square(9), RoundUp: false, CountPadding: true),
            _net.Input
        );

    [Fact]
    public void Linear_GridInput_NamesLayerAndShapes() =>
        AssertRefused(
            "sketch: layer fc (Linear): input 3×8×8 is no vector; a Flatten or a GlobalAvgPool must come before 10 outputs",
            "fc",
            new Linear(10),
            _net.Input
        );

    [Fact]
    public void Lrn_EvenSize_NamesLayerAndShape() =>
        AssertRefused(
            "sketch: layer norm (Lrn): an even size 2 has no middle on input 3×8×8, and implementations differ about it",
            "norm",
            new Lrn(Size: 2),
            _net.Input
        );

    [Fact]
    public void Append_NameTaken_Refused()
    {
        _net.Append("relu", new Relu(), _net.Input);

        AssertRefused("sketch: two layers are called relu", "relu", new Relu(), _net.Input);
    }

    [Fact]
    public void Append_ForeignInput_Refused() =>
        AssertRefused(
            "sketch: layer relu reads input, which is no layer of this network",
            "relu",
            new Relu(),
            new NetworkBuilder("other", 8).Input
        );

    [Fact]
    public void Build_IdleLayer_NamesIt()
    {
        var logits = Classifier("fc", 10);
        _net.Append("idle", new Relu(), _net.Input);

        var error = Assert.Throws<NetworkException>(() => _net.Build(WeightInit.He, logits));

        Assert.Equal("sketch: nothing reads layer idle (3×8×8)", error.Message);
    }

    [Fact]
    public void Build_AuxOfOtherSize_NamesBoth()
    {
        var logits = Classifier("fc", 10);
        var side = Classifier("side", 9);

        var error = Assert.Throws<NetworkException>(() => _net.Build(WeightInit.He, logits, side));

        Assert.Equal("sketch: output side is 9×1×1, the classifier fc 10×1×1", error.Message);
    }

    [Fact]
    public void Depthwise_GroupsEqualChannels_CountsOneSliceEach()
    {
        var depthwise = _net.Append("rep.conv1", new Conv(6, Window.Same(7, 7), Bias: false, Groups: 3), _net.Input);
        var pointwise = _net.Append("rep.pointwise", new Conv(16, Window.Square(1), Bias: false), depthwise);
        var tall = _net.Append("tall", new Conv(16, Window.Same(7, 1), Bias: false), pointwise);

        Assert.Equal([6, 1, 7, 7], depthwise.Weights[0].Shape);
        Assert.Equal(6 * 49 * 64, depthwise.Macs);
        Assert.Equal(6 * 16, pointwise.Parameters);
        Assert.Equal([16, 16, 7, 1], tall.Weights[0].Shape);
        Assert.Equal(new Shape(16, 8, 8), tall.Output);
    }

    private Node Classifier(string name, int classes) =>
        _net.Append(name, new Linear(classes), _net.Append($"{name}.pool", new GlobalAvgPool(), _net.Input));

    private void AssertRefused(string message, string name, Layer layer, params Node[] inputs) =>
        Assert.Equal(message, Assert.Throws<NetworkException>(() => _net.Append(name, layer, inputs)).Message);
}
