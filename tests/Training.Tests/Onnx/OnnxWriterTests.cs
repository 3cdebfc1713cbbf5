using Google.Protobuf;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Variants;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Schema;
using Saccade.Training.Tests.Modules;
using Saccade.Training.Tests.Networks;
using Xunit;

namespace Saccade.Training.Tests.Onnx;

public sealed class OnnxWriterTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    [Theory]
    [InlineData("googlenet", 1.0, 224, 1)]
    [InlineData("googlenet", 0.25, 28, 5)]
    [InlineData("googlenet", 0.25, 61, 2)]
    [InlineData("googlenet-bn", 1.0, 112, 1)]
    [InlineData("googlenet-bn", 0.25, 28, 5)]
    [InlineData("googlenet-bn", 0.25, 117, 2)]
    [InlineData("bn-inception", 1.0, 56, 1)]
    [InlineData("bn-inception", 0.25, 28, 5)]
    [InlineData("inception-v2", 0.25, 75, 2)]
    [InlineData("inception-v3", 1.0, 75, 1)]
    [InlineData("inception-v3", 0.25, 28, 5)]
    [InlineData("xception", 1.0, 71, 1)]
    [InlineData("xception", 0.25, 28, 5)]
    public void Encode_RunByOnnxRuntime_GivesTheModulesLogits(string name, double width, int pixels, int batch) =>
        AssertSame(
            Architectures.Create(
                name,
                new NetworkOptions
                {
                    Classes = 12,
                    Width = width,
                    Input = pixels,
                }
            ),
            batch
        );

    public static TheoryData<string, string> Variants => PresetVariants.All;

    /// <summary>From 102 pixels some grids are even and others odd, where paddings differ.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Encode_AnyVariant_GivesTheModulesLogits(string name, string variant) =>
        AssertSame(
            Architectures.Create(
                name,
                new NetworkOptions
                {
                    Variant = variant,
                    Classes = 5,
                    Width = 0.1,
                    Input = 102,
                }
            ),
            batch: 2
        );

    [Theory]
    [InlineData("xception", "middle-activation", "elu")]
    [InlineData("xception", "middle-activation", "relu")]
    [InlineData("xception", "residual", "false")]
    [InlineData("xception", "hidden-layers", "2")]
    [InlineData("inception-v3", "factorised-7x7", "false")]
    [InlineData("inception-v3", "factorised-stem", "false")]
    [InlineData("inception-v2", "middle-blocks", "5")]
    [InlineData("googlenet-bn", "reduce", "false")]
    public void Encode_Ablation_GivesTheModulesLogits(string name, string trait, string value)
    {
        TraitSet traits = [Traits.All.Single(known => known.Name == trait).Parse(value)!.Value];

        AssertSame(
            Architectures.Create(
                name,
                new NetworkOptions
                {
                    Traits = traits,
                    Classes = 5,
                    Width = 0.05,
                    Input = 28,
                }
            ),
            batch: 2
        );
    }

    /// <summary>The operators that torch's own exporter emits for torchvision's network; the paper's has two LRN more.</summary>
    [Theory]
    [InlineData("googlenet-bn", "Concat 9, Conv 57, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 13, Relu 57")]
    [InlineData("googlenet", "Concat 9, Conv 57, Flatten 1, Gemm 1, GlobalAveragePool 1, LRN 2, MaxPool 13, Relu 57")]
    [InlineData("inception-v3", "AveragePool 9, Concat 11, Conv 94, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 4, Relu 94")]
    [InlineData("xception", "Add 12, Conv 74, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 4, Relu 35")]
    public void Encode_Published_HasTheReferenceOperators(string name, string expected)
    {
        var network = Architectures.Create(name, new NetworkOptions());

        var operators = Encode(network, FormulaWeights.For(network))
            .Graph.Node.CountBy(node => node.OpType)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {pair.Value}");

        Assert.Equal(expected, string.Join(", ", operators));
    }

    [Fact]
    public void Encode_Normalised_DeclaresWhatReadersNeed()
    {
        var network = Architectures.Create(
            "googlenet-bn",
            new NetworkOptions
            {
                Classes = 10,
                Width = 0.25,
                Input = 28,
            }
        );
        var (folded, weights) = BatchNormFolding.Fold(network, FormulaWeights.For(network));

        var bytes = OnnxWriter.Encode(folded, weights, new Dictionary<string, string> { ["labels"] = "[]" }).ToByteArray();
        var model = ModelProto.Parser.ParseFrom(bytes);

        Assert.Equal(7, model.IrVersion);
        Assert.Equal(13, Assert.Single(model.OpsetImport).Version);
        Assert.Equal("N", model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal([3, 28, 28], model.Graph.Input[0].Type.TensorType.Shape.Dim.Skip(1).Select(dim => dim.DimValue));
        Assert.Equal("N", model.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal("labels", Assert.Single(model.MetadataProps).Key);
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.Name.Contains("aux", StringComparison.Ordinal));
        Assert.Equal(folded.Parameters * sizeof(float), model.Graph.Initializer.Sum(tensor => tensor.RawData.Length));
    }

    [PythonFact("onnx")]
    public async Task Encode_AnyPreset_PassesTheOnnxChecker()
    {
        foreach (var name in Architectures.Names)
        {
            var network = Architectures.Create(
                name,
                new NetworkOptions
                {
                    Classes = 10,
                    Width = 0.25,
                    Input = 28,
                }
            );
            var file = Path.Combine(Path.GetTempPath(), $"saccade-{Guid.NewGuid():N}.onnx");
            await File.WriteAllBytesAsync(file, Encode(network, FormulaWeights.For(network)).ToByteArray());
            try
            {
                var verdict = await PythonFactAttribute.RunAsync(
                    "import sys, onnx; m = onnx.load(sys.argv[1]); onnx.checker.check_model(m, full_check=True); print('sound', "
                        + "m.graph.name)",
                    file
                );

                Assert.Equal($"sound {name}", verdict.Trim());
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    // Residual networks with weights from a formula reach large logits; what is compared is the share of them.
    private static void AssertSame(Network network, int batch)
    {
        var weights = FormulaWeights.For(network);
        var images = FormulaWeights.Images(network, batch);
        using var module = new NetworkModule(network);
        ModuleWeights.Write(module, weights);
        using var runner = new OnnxRunner(Encode(network, weights).ToByteArray());

        var expected = NetworkModuleTests.Evaluate(module, images, batch);
        var actual = runner.Run(images);

        var range = expected.Max() - expected.Min();
        Assert.True(range > 0.1);
        Assert.InRange(NetworkModuleTests.LargestDifference(expected, actual) / Math.Max(1, range), 0, 1e-4);
    }

    internal static ModelProto Encode(Network network, IReadOnlyDictionary<string, float[]> weights)
    {
        var (folded, foldedWeights) = BatchNormFolding.Fold(network, weights);
        return OnnxWriter.Encode(folded, foldedWeights, NoMetadata);
    }
}
