using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Modules;
using Saccade.Training.Tests.Networks;
using Xunit;

namespace Saccade.Training.Tests.Onnx;

public sealed class BatchNormFoldingTests
{
    [Fact]
    public void Fold_OneChannel_FollowsTheFormula()
    {
        var network = Sketch(bias: true);
        var weights = new Dictionary<string, float[]>
        {
            ["conv.weight"] = [2, -4, 8, 1, 1, 1],
            ["conv.bias"] = [3, 0],
            ["bn.weight"] = [0.5f, 1],
            ["bn.bias"] = [7, 0],
            ["bn.running_mean"] = [1, 0],
            ["bn.running_var"] = [3, 1],
            ["fc.weight"] = [1, 0, 0, 1],
            ["fc.bias"] = [0, 0],
        };

        var (folded, values) = BatchNormFolding.Fold(network, weights);

        // ε is 1, so the first channel is scaled by 0.5 / √(3 + 1) = 0.25 and its bias becomes 7 + (3 − 1) · 0.25.
        Assert.Equal([0.5f, -1, 2], values["conv.weight"][..3]);
        Assert.Equal(7.5f, values["conv.bias"][0]);
        Assert.Equal(["input", "conv", "relu", "pool", "fc"], folded.Nodes.Select(node => node.Name));
        Assert.Equal(["conv.weight", "conv.bias", "fc.weight", "fc.bias"], values.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fold_AnyConvolution_ComputesTheSame(bool bias)
    {
        var network = Sketch(bias);
        var weights = FormulaWeights.For(network);
        var (folded, foldedWeights) = BatchNormFolding.Fold(network, weights);

        Assert.InRange(NetworkModuleTests.LargestDifference(Logits(network, weights), Logits(folded, foldedWeights)), 0, 1e-6);
    }

    [Fact]
    public void Fold_NormalisationOfASharedConvolution_StaysAndComputesTheSame()
    {
        var net = new NetworkBuilder("shared", 6);
        var conv = net.Append("conv", new Conv(4, Window.Same(3, 3), Bias: false), net.Input);
        var norm = net.Append("bn", new BatchNorm(1e-3), conv);
        var sum = net.Append("sum", new Add(), conv, norm);
        var network = net.Build(WeightInit.He, net.Append("fc", new Linear(4), net.Append("pool", new GlobalAvgPool(), sum)));
        var weights = FormulaWeights.For(network);

        var (folded, foldedWeights) = BatchNormFolding.Fold(network, weights);
        using var runner = new OnnxRunner(Google.Protobuf.MessageExtensions.ToByteArray(OnnxWriterTests.Encode(network, weights)));

        Assert.Contains(folded.Nodes, node => node.Layer is BatchNorm);
        Assert.Equal(Logits(network, weights), Logits(folded, foldedWeights));
        Assert.InRange(
            NetworkModuleTests.LargestDifference(Logits(network, weights), runner.Run(FormulaWeights.Images(network, 2))),
            0,
            1e-5
        );
    }

    [Fact]
    public void Fold_TensorMissing_NamesIt()
    {
        var network = Sketch(bias: false);
        var weights = FormulaWeights.For(network);
        weights.Remove("bn.running_var");

        var error = Assert.Throws<InvalidDataException>(() => BatchNormFolding.Fold(network, weights));

        Assert.Equal("weights: bn.running_var is missing", error.Message);
    }

    [Fact]
    public void Fold_TensorOfOtherSize_NamesBothSizes()
    {
        var network = Sketch(bias: false);
        var weights = FormulaWeights.For(network);
        weights["conv.weight"] = [1, 2];

        var error = Assert.Throws<InvalidDataException>(() => BatchNormFolding.Fold(network, weights));

        Assert.Equal("weights: conv.weight has 2 values, the network wants 2×3×1×1", error.Message);
    }

    private static Network Sketch(bool bias)
    {
        var net = new NetworkBuilder("sketch", 4);
        var x = net.Append("conv", new Conv(2, Window.Square(1), bias), net.Input);
        x = net.Append("bn", new BatchNorm(Epsilon: 1), x);
        x = net.Append("relu", new Relu(), x);
        x = net.Append("pool", new GlobalAvgPool(), x);
        x = net.Append("dropout", new Dropout(0.5), x);
        return net.Build(WeightInit.He, net.Append("fc", new Linear(2), x));
    }

    private static float[] Logits(Network network, IReadOnlyDictionary<string, float[]> weights)
    {
        using var module = new NetworkModule(network);
        ModuleWeights.Write(module, weights);
        return NetworkModuleTests.Evaluate(module, FormulaWeights.Images(network, 2), 2);
    }
}
