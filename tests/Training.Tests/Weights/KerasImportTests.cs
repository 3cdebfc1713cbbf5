using System.Text.Json.Nodes;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Tests.Networks;
using Saccade.Training.Weights;
using Saccade.Training.Weights.Keras;
using Xunit;

namespace Saccade.Training.Tests.Weights;

public sealed class KerasImportTests : IDisposable
{
    private static readonly Lazy<(Network Network, Dictionary<string, float[]> Weights)> Inception = new(() => Made("inception-v3", 80, 5, [24, 12]));
    private static readonly Lazy<(Network Network, Dictionary<string, float[]> Weights)> Separable = new(() => Made("xception", 72, 3, []));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, true)]
    [InlineData(95, false)]
    public void Import_InceptionWhateverItsNumbers_FindsEveryLayerByItsPlace(int first, bool gamma)
    {
        var imported = Import(Inception.Value, new(Inception.Value.Network, Inception.Value.Weights) { FirstNumber = first, Gamma = gamma });

        AssertSame(Inception.Value.Weights, imported, gamma);
        Assert.Contains("place in the graph; head of 3 dense layers, 5 classes", Assert.Single(imported.Notes), StringComparison.Ordinal);
        Assert.All(imported.Network.Nodes.Select(node => node.Layer).OfType<AvgPool>(), pool => Assert.False(pool.CountPadding));
    }

    [Fact]
    public void Import_XceptionWithNamesOfItsOwn_FindsEveryLayer() =>
        AssertSame(Separable.Value.Weights, Import(Separable.Value, new(Separable.Value.Network, Separable.Value.Weights) { OwnName = XceptionName, FirstNumber = 3 }));

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void Import_InceptionWithoutAGraph_GoesByTheOrderOfNumbers(int first)
    {
        var imported = Import(Inception.Value, new(Inception.Value.Network, Inception.Value.Weights) { FirstNumber = first, Topology = _ => null }, input: 80);

        AssertSame(Inception.Value.Weights, imported);
        Assert.Contains("the order of their numbers", Assert.Single(imported.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Import_XceptionWithoutAGraph_GoesByNamesAndNumbers() => AssertSame(
        Separable.Value.Weights,
        Import(Separable.Value, new(Separable.Value.Network, Separable.Value.Weights) { OwnName = XceptionName, FirstNumber = 8, Topology = _ => null }, input: 72));

    [Theory]
    [InlineData("uint8", 1 / 500.0)]
    [InlineData("uint16", 1 / 100_000.0)]
    [InlineData("float16", 1 / 2_000.0)]
    public void Import_Quantised_IsWithinHalfAStep(string type, double step)
    {
        var imported = Import(Separable.Value, new(Separable.Value.Network, Separable.Value.Weights) { OwnName = XceptionName, Quantised = type });

        foreach (var (name, values) in Separable.Value.Weights)
        {
            var largest = step * Math.Max(values.Max() - (double)values.Min(), values.Max(Math.Abs));
            Assert.InRange(values.Zip(imported.Weights[name], (one, other) => Math.Abs((double)one - other)).Max(), 0, largest + 1e-6);
        }
    }

    [Fact]
    public void Import_DescriptionOfKeras3_IsRead() =>
        AssertSame(Separable.Value.Weights, Import(Separable.Value, new(Separable.Value.Network, Separable.Value.Weights) { Topology = ToKeras3 }));

    [Fact]
    public void Import_BodyInsideASequentialModel_IsUnfolded() =>
        AssertSame(Inception.Value.Weights, Import(Inception.Value, new(Inception.Value.Network, Inception.Value.Weights) { Topology = ToSequential }));

    [Fact]
    public void Import_BareModelAsTensorFlowJsSavesIt_IsRead() => AssertSame(
        Separable.Value.Weights,
        Import(Separable.Value, new(Separable.Value.Network, Separable.Value.Weights) { Topology = topology => topology["model_config"]!.DeepClone() }));

    [Fact]
    public void Import_ModelThatScalesPixels_TellsMeanAndDeviation()
    {
        var imported = Import(Separable.Value, new(Separable.Value.Network, Separable.Value.Weights) { Topology = AddRescaling });

        Assert.Equal(0.5f, imported.Rescaling!.Value.Mean[0]);
        Assert.Equal(0.5f, imported.Rescaling.Value.Std[2]);
    }

    [Theory]
    [InlineData("googlenet-bn", null, "the model is not googlenet-bn: inception5b.concat")]
    [InlineData("xception", 4, "the model has 3 classes, not 4")]
    public void Import_AnotherNetworkOrClassCount_SaysWhere(string architecture, int? classes, string complaint)
    {
        new KerasFile(Separable.Value.Network, Separable.Value.Weights).Write(_folder["model"]);
        using var file = WeightsFile.Open(_folder["model"]);

        var error = Assert.Throws<InvalidDataException>(() => KerasImport.Import(file.Tensors, KerasModel.Output(file.Topology!.Value), architecture, classes, null));

        Assert.StartsWith(complaint, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"filters\":32,", "\"filters\":40,", "conv1 (Conv 3×3/2, 32×35×35) meets conv2d (Conv 3×3/2, 40×35×35) of the file")]
    [InlineData("\"activation\":\"softmax\"", "\"activation\":\"sigmoid\"", "activation 'sigmoid'")]
    [InlineData("\"class_name\":\"GlobalAveragePooling2D\"", "\"class_name\":\"GlobalMaxPooling2D\"", "is a GlobalMaxPooling2D")]
    [InlineData("[null,72,72,3]", "[null,72,71,3]", "is not [null, side, side, 3]")]
    [InlineData("[null,72,72,3]", "[null,null,null,3]", "pictures of any size")]
    [InlineData("\"output_layers\":[[\"dense\",0,0]]", "\"output_layers\":[[\"dense\",0,7]]", "no output 7")]
    [InlineData("\"output_layers\":[[\"dense\",0,0]]", "\"output_layers\":[]", "which layer answers")]
    [InlineData("[[[\"in\",0,0,{}]]]", "[[[\"dense\",0,0,{}]]]", "does not come before it")]
    public void Import_DescriptionChanged_IsRefusedWithTheReason(string from, string to, string complaint)
    {
        new KerasFile(Separable.Value.Network, Separable.Value.Weights).Write(_folder["model"]);
        var json = File.ReadAllText(_folder["model", "model.json"]);
        Assert.Contains(from, json, StringComparison.Ordinal);
        File.WriteAllText(_folder["model", "model.json"], json.Replace(from, to, StringComparison.Ordinal));

        var error = Assert.Throws<InvalidDataException>(() =>
        {
            using var file = WeightsFile.Open(_folder["model"]);
            KerasImport.Import(file.Tensors, KerasModel.Output(file.Topology!.Value), "xception", null, null);
        });

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_TensorMissingAndAnotherUnknown_ListsBoth()
    {
        new KerasFile(Separable.Value.Network, Separable.Value.Weights).Write(_folder["model"]);
        var json = File.ReadAllText(_folder["model", "model.json"]);
        File.WriteAllText(_folder["model", "model.json"], json.Replace("batch_normalization_2/beta", "batch_normalisation_2/beta", StringComparison.Ordinal));
        using var file = WeightsFile.Open(_folder["model"]);

        // A missing beta is a batch normalisation without one; the tensor that nobody asked for gives it away.
        var error = Assert.Throws<InvalidDataException>(() => KerasImport.Import(file.Tensors, KerasModel.Output(file.Topology!.Value), "xception", null, null));

        Assert.Contains("1 tensor unknown to the network: batch_normalisation_2/beta [128]", error.Message, StringComparison.Ordinal);
    }

    private ImportedWeights Import((Network Network, Dictionary<string, float[]> Weights) made, KerasFile file, int? input = null)
    {
        file.Write(_folder["model"]);
        using var opened = WeightsFile.Open(_folder["model", "model.json"]);
        return KerasImport.Import(opened.Tensors, opened.Topology is { } topology ? KerasModel.Output(topology) : null, made.Network.Name, made.Network.Classes, input);
    }

    private static void AssertSame(Dictionary<string, float[]> expected, ImportedWeights imported, bool gamma = true)
    {
        Assert.Equal(expected.Keys.Order(), imported.Weights.Keys.Order());
        foreach (var (name, values) in expected)
        {
            var isGamma = imported.Network.Weights.Single(weight => weight.Name == name).Role is WeightRole.Scale or WeightRole.FixedScale;
            Assert.Equal(isGamma && !gamma ? [.. Enumerable.Repeat(1f, values.Length)] : values, imported.Weights[name]);
        }
    }

    /// <summary>A preset with hidden dense layers before its classifier, as retrained models have them.</summary>
    private static (Network, Dictionary<string, float[]>) Made(string architecture, int input, int classes, int[] hidden)
    {
        var preset = PublishedNetworks.ForKeras(architecture, classes, input);
        var net = new NetworkBuilder(architecture, input);
        var rebuilt = new Dictionary<Node, Node> { [preset.Input] = net.Input };
        foreach (var node in preset.Main.Skip(1).SkipLast(1))
            rebuilt[node] = net.Append(node.Name, node.Layer is BatchNorm norm ? norm with { Scale = true } : node.Layer, [.. node.Inputs.Select(from => rebuilt[from])]);
        var x = rebuilt[preset.Logits.Inputs[0]];
        foreach (var (index, width) in hidden.Index())
            x = net.Append($"fc{index + 1}/activation", new Relu(), net.Append($"fc{index + 1}", new Linear(width), x));
        var network = net.Build(WeightInit.He, net.Append("fc", new Linear(classes), x));
        return (network, FormulaWeights.For(network));
    }

    private static string? XceptionName(Node node) => node.Name.Split('.') switch
    {
        ["conv1" or "conv2"] when node.Layer is Conv => $"block1_{node.Name}",
        ["bn1" or "bn2"] => $"block1_conv{node.Name[^1]}_bn",
        ["conv3" or "conv4", "pointwise"] => $"block14_sepconv{node.Name[4] - '2'}",
        ["bn3" or "bn4"] => $"block14_sepconv{node.Name[^1] - '2'}_bn",
        [var block, "rep", var index, "pointwise"] => $"block{Number(block) + 1}_sepconv{(int.Parse(index) / 3) + 1}",
        [var block, "rep", var index] when node.Layer is BatchNorm => $"block{Number(block) + 1}_sepconv{(int.Parse(index) / 3) + 1}_bn",
        _ => null,
    };

    private static int Number(string block) => int.Parse(block["block".Length..]);

    private static JsonArray LayersOf(JsonNode topology) => topology["model_config"]!["config"]!["layers"]!.AsArray();

    private static JsonObject ToKeras3(JsonObject topology)
    {
        foreach (var layer in LayersOf(topology))
        {
            if (layer!["inbound_nodes"]!.AsArray() is not [JsonArray calls])
                continue;
            var tensors = calls.Select(call => new JsonObject
            {
                ["class_name"] = "__keras_tensor__",
                ["config"] = new JsonObject { ["dtype"] = "float32", ["keras_history"] = new JsonArray(call![0]!.DeepClone(), 0, 0) },
            }).ToArray();
            layer["inbound_nodes"] = new JsonArray(new JsonObject { ["args"] = new JsonArray(new JsonArray([.. tensors])), ["kwargs"] = new JsonObject() });
        }

        return topology;
    }

    /// <summary>Everything up to the pool becomes a model of its own, and the first layer of another.</summary>
    private static JsonObject ToSequential(JsonObject topology)
    {
        var layers = LayersOf(topology).Select(layer => layer!.DeepClone()).ToList();
        var head = layers.FindIndex(layer => (string?)layer["class_name"] == "GlobalAveragePooling2D");
        var body = new JsonObject
        {
            ["class_name"] = "Functional",
            ["config"] = new JsonObject
            {
                ["name"] = "inception_v3",
                ["layers"] = new JsonArray([.. layers[..head]]),
                ["input_layers"] = new JsonArray(new JsonArray("in", 0, 0)),
                ["output_layers"] = new JsonArray(new JsonArray((string?)layers[head - 1]["name"], 0, 0)),
            },
        };
        foreach (var layer in layers[head..])
            layer.AsObject().Remove("inbound_nodes");
        return new JsonObject { ["class_name"] = "Sequential", ["config"] = new JsonObject { ["name"] = "top", ["layers"] = new JsonArray([body, .. layers[head..]]) } };
    }

    private static JsonObject AddRescaling(JsonObject topology)
    {
        var first = LayersOf(topology)[1]!;
        first["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray("rescaling", 0, 0, new JsonObject())));
        LayersOf(topology).Insert(1, JsonNode.Parse(
            """{"class_name":"Rescaling","name":"rescaling","config":{"name":"rescaling","scale":0.00784313725490196,"offset":-1},"inbound_nodes":[[["in",0,0,{}]]]}"""));
        return topology;
    }
}
