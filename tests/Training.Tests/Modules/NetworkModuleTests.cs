using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Modules;

public sealed class NetworkModuleTests
{
    private static readonly NetworkOptions Small = new()
    {
        Classes = 10,
        Width = 0.25,
        Input = 28,
    };

    public static TheoryData<string> Presets => [.. Architectures.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void StateDict_AnyNetwork_HasTheGraphsNamesAndShapes(string name)
    {
        using var module = new NetworkModule(Architectures.Create(name, Small));

        var state = module.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.shape);

        Assert.Equal(module.Network.Weights.Select(weight => weight.Name).Order(), state.Keys.Order());
        Assert.All(module.Network.Weights, weight => Assert.Equal(weight.Shape, state[weight.Name]));
        Assert.Equal(module.Network.ParametersWithAux, module.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Constructor_SameSeed_GivesTheSameWeights(string name)
    {
        var first = Weights(name, seed: 7);
        var again = Weights(name, seed: 7);
        var other = Weights(name, seed: 8);

        Assert.All(first, pair => Assert.Equal(pair.Value, again[pair.Key]));
        Assert.Contains(first, pair => !pair.Value.SequenceEqual(other[pair.Key]));
    }

    [Fact]
    public void Constructor_Paper_FillsAsCaffeDid()
    {
        var weights = Weights("googlenet", seed: 1);

        Assert.All(weights["inception4b.branch2.1.conv.bias"], value => Assert.Equal(0.2f, value));
        Assert.All(weights["aux1.fc1.bias"], value => Assert.Equal(0.2f, value));
        Assert.All(weights["aux1.fc2.bias"].Concat(weights["fc.bias"]), value => Assert.Equal(0, value));
        var limit = Math.Sqrt(3.0 / 147);
        Assert.InRange(weights["conv1.conv.weight"].Max(Math.Abs), 0.98 * limit, limit);
    }

    [Fact]
    public void Constructor_Normalised_SpreadsByFanOut()
    {
        var kernel = Weights("googlenet-bn", seed: 1)["conv3.conv.weight"];

        Assert.Equal(Math.Sqrt(2.0 / (48 * 9)), Math.Sqrt(kernel.Average(value => (double)value * value)), 2);
        Assert.All(Weights("googlenet-bn", seed: 1)["conv3.bn.running_var"], value => Assert.Equal(1, value));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Forward_Training_GivesAuxLogitsAndGradientsEverywhere(string name)
    {
        manual_seed(3);
        using var module = new NetworkModule(Architectures.Create(name, Small));
        using var scope = NewDisposeScope();
        module.train();

        var output = module.call(Batch(module, 8));
        var loss = output.AuxLogits.Aggregate(output.Logits.pow(2).mean(), (sum, side) => sum + side.pow(2).mean());
        loss.backward();

        Assert.Equal([8, 10], output.Logits.shape);
        Assert.Equal(module.Network.AuxLogits.Count, output.AuxLogits.Count);
        Assert.All(output.AuxLogits, side => Assert.Equal([8, 10], side.shape));
        Assert.All(module.parameters(), parameter => Assert.True(parameter.grad!.abs().max().item<float>() > 0));
    }

    /// <summary>Cut at two deviations: nothing beyond, and a spread of 0.88 deviations.</summary>
    [Theory]
    [InlineData("Mixed_6a.branch3x3.conv.weight", 0.1)]
    [InlineData("AuxLogits.conv1.conv.weight", 0.01)]
    [InlineData("AuxLogits.fc.weight", 0.001)]
    [InlineData("fc.weight", 0.1)]
    public void Constructor_InceptionV3_CutsTheNormalDistribution(string name, double deviation)
    {
        var kernel = Weights("inception-v3", seed: 1)[name];

        Assert.InRange(kernel.Max(Math.Abs), 1.95 * deviation, 2.0001 * deviation);
        Assert.InRange(Math.Sqrt(kernel.Average(value => (double)value * value)) / deviation, 0.84, 0.92);
        Assert.InRange(kernel.Average() / deviation, -0.1, 0.1);
    }

    [Fact]
    public void Constructor_NoScale_HasOnesThatAreNotLearnt()
    {
        using var module = new NetworkModule(Architectures.Create("inception-v3", Small with { Variant = "keras" }));

        Assert.All(ModuleWeights.Read(module)["Mixed_5b.branch1x1.bn.weight"], value => Assert.Equal(1, value));
        Assert.DoesNotContain(module.named_parameters(), parameter => parameter.name.EndsWith(".bn.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void Forward_Training_CountsBatchesAndMovesRunningStatistics()
    {
        manual_seed(3);
        using var module = new NetworkModule(Architectures.Create("googlenet-bn", Small));
        using var scope = NewDisposeScope();

        module.train();
        module.call(Batch(module, 4));
        module.call(Batch(module, 4));
        var state = module.state_dict();

        Assert.Equal(2, state["conv1.bn.num_batches_tracked"].item<long>());
        Assert.True(state["conv1.bn.running_mean"].abs().max().item<float>() > 0);
    }

    [Fact]
    public void Forward_Evaluation_SkipsAuxAndTreatsImagesAlone()
    {
        using var module = new NetworkModule(Architectures.Create("googlenet-bn", Small));
        ModuleWeights.Write(module, FormulaWeights.For(module.Network));
        var images = FormulaWeights.Images(module.Network, 3);
        var size = images.Length / 3;

        var together = Evaluate(module, images, 3);
        var alone = Enumerable.Range(0, 3).SelectMany(i => Evaluate(module, images[(i * size)..((i + 1) * size)], 1)).ToArray();

        Assert.InRange(LargestDifference(together, alone), 0, 1e-5);
        using var scope = NewDisposeScope();
        Assert.Empty(module.call(tensor(images, [3, 3, 28, 28])).AuxLogits);
    }

    [Fact]
    public void Forward_Repeated_KeepsNoTensors()
    {
        using var module = new NetworkModule(Architectures.Create("googlenet-bn", Small));
        module.eval();
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var batch = Batch(module, 1);

        var output = module.call(batch);

        Assert.Equal(2, scope.DisposablesCount);
        Assert.False(output.Logits.IsInvalid);
    }

    [Fact]
    public void Forward_WrongSize_NamesBothShapes()
    {
        using var module = new NetworkModule(Architectures.Create("googlenet-bn", Small));
        using var batch = zeros([2, 3, 32, 32]);

        var error = Assert.Throws<NetworkException>(() => module.call(batch));

        Assert.Equal("googlenet-bn: input [2, 3, 32, 32] is not a batch of 3×28×28", error.Message);
    }

    private static Dictionary<string, float[]> Weights(string name, long seed)
    {
        manual_seed(seed);
        using var module = new NetworkModule(Architectures.Create(name, Small));
        return ModuleWeights.Read(module);
    }

    private static Tensor Batch(NetworkModule module, int count) =>
        tensor(FormulaWeights.Images(module.Network, count), [count, 3, 28, 28]);

    internal static float[] Evaluate(NetworkModule module, float[] images, int count)
    {
        module.eval();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var input = module.Network.Input.Output;
        return module.call(tensor(images, [count, input.Channels, input.Height, input.Width])).Logits.data<float>().ToArray();
    }

    internal static double LargestDifference(float[] left, float[] right)
    {
        Assert.Equal(left.Length, right.Length);
        return left.Zip(right, (a, b) => Math.Abs((double)a - b)).Max();
    }
}
