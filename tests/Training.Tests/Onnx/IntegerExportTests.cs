using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Quantisation;
using Saccade.Training.Onnx.Schema;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Networks;
using Xunit;

namespace Saccade.Training.Tests.Onnx;

public sealed class IntegerExportTests
{
    [Theory]
    [InlineData("googlenet", InputType.Float32)]
    [InlineData("googlenet-bn", InputType.UInt8)]
    [InlineData("inception-v3", InputType.UInt8)]
    [InlineData("xception", InputType.Float32)]
    [InlineData("bn-inception", InputType.UInt8)]
    public void Write_Integers_IsSoundAndNearTheFloats(string architecture, InputType input)
    {
        using var folder = new TrainedRunFolder(architecture);
        if (architecture == "xception")
            folder.WriteWeights(Untrained(folder)); // a formula's would make logits of millions
        var bundle = Export(folder, input);

        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
        var (model, manifest) = bundle.Read();
        Assert.Equal(Precision.Int8, manifest.Precision);
        Assert.StartsWith("8 images", manifest.Provenance!["activationRanges"], StringComparison.Ordinal);
        Assert.Contains("as floats", manifest.Provenance["int8"], StringComparison.Ordinal);
        Assert.NotNull(manifest.Accuracy);
        Assert.NotNull(manifest.Parity!.Top1Agreement);
        var operators = ModelProto.Parser.ParseFrom(model).Graph.Node.Select(node => node.OpType).ToArray();
        Assert.Contains("QuantizeLinear", operators);
        Assert.DoesNotContain(operators, name => name.Contains("Quantizer", StringComparison.Ordinal));
    }

    [PythonFact("onnx")]
    public async Task Write_Integers_PassesTheOnnxChecker()
    {
        using var folder = new TrainedRunFolder("bn-inception");

        var verdict = await PythonFactAttribute.RunAsync(
            "import sys, onnx; m = onnx.load(sys.argv[1]); onnx.checker.check_model(m, full_check=True); print(m.ir_version, "
                + "m.opset_import[0].version, {o.domain for o in m.opset_import})",
            Path.Combine(Export(folder, InputType.UInt8).Path, "model.onnx")
        );

        Assert.Equal("7 13 {''}", verdict.Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_MeanBeforeAProjection_ComputesTheSameTheOtherWayRound(bool countPadding)
    {
        var net = new NetworkBuilder("sketch", 9);
        var pool = net.Append("pool", new AvgPool(Window.Same(3, 3), RoundUp: false, countPadding), net.Input);
        var relu = net.Append("relu", new Relu(), net.Append("conv", new Conv(5, Window.Square(1), Bias: true), pool));
        var network = net.Build(WeightInit.He, net.Append("fc", new Linear(3), net.Append("flatten", new Flatten(), relu)));
        var weights = FormulaWeights.For(network);
        var images = FormulaWeights.Images(network, 2);

        var (changed, values) = PoolCommutation.Apply(network, weights);

        using var before = new OnnxRunner(Bytes(network, weights));
        using var after = new OnnxRunner(Bytes(changed, values));
        Assert.Equal("input, conv, pool, relu, flatten, fc", string.Join(", ", changed.Nodes.Select(node => node.Name)));
        Assert.Equal(!countPadding, changed.Nodes.Any(node => node.Layer is AvgPool));
        Assert.InRange(ParityCheck.LargestDifference(before.Run(images), after.Run(images)), 0, 1e-5);
    }

    [Fact]
    public void Plan_JoinedAndPooledValues_ShareAScale()
    {
        var (network, _) = BatchNormFolding.Fold(
            Architectures.Create(
                "googlenet-bn",
                new NetworkOptions
                {
                    Width = 0.25,
                    Input = 28,
                    Classes = 4,
                }
            ),
            FormulaWeights.For(
                Architectures.Create(
                    "googlenet-bn",
                    new NetworkOptions
                    {
                        Width = 0.25,
                        Input = 28,
                        Classes = 4,
                    }
                )
            )
        );
        var plan = new QuantisationPlan(network);

        foreach (var node in network.Nodes.Where(node => node.Layer is Concat or MaxPool))
            Assert.All(node.Inputs, input => Assert.Same(plan.Root(node), plan.Root(input)));
        Assert.Equal(57, plan.Convolutions.Count());
        Assert.False(plan.IsQuantised(network.Logits));
        Assert.DoesNotContain(plan.Measured, node => node.Layer is Conv);
    }

    [Theory]
    [InlineData(0, 5.1, 0.02, 0)]
    [InlineData(-2, 3.1, 0.02, 100)]
    [InlineData(1, 2.55, 0.01, 0)]
    [InlineData(-2.55, -1, 0.01, 255)]
    public void For_Limits_ZeroIsExact(double low, double high, double step, int zero)
    {
        var scale = Scale.For(low, high);

        Assert.Equal(step, scale.Step, 6);
        Assert.Equal(zero, scale.Zero);
    }

    [Fact]
    public void Of_Kernel_HasAStepForEachChannelAndNoByteOverflows()
    {
        var rows = QuantisedWeights.Of([1, -2, 0.5f, 0.25f, 0, 0], channels: 3, bias: [1, -0.5f, 1e6f], inputStep: 0.1f);

        Assert.Equal([64, -127, 127, 64, 0, 0], rows.Kernel);
        Assert.Equal(2f / 127, rows.Steps[0], 6);
        Assert.Equal(0.5f / 127, rows.Steps[1], 6);
        Assert.Equal(1, rows.Bias[0] * rows.BiasSteps[0], 3);
        Assert.InRange(rows.Bias[2] * (double)rows.BiasSteps[2], 0.999e6, 1.001e6);
    }

    [Fact]
    public void BestScale_OneOutlier_IsCutOff()
    {
        var histogram = new Histogram(0, 100);
        for (var times = 0; times < 100; times++)
            histogram.Add([.. Enumerable.Range(0, 10_000).Select(i => i / 1000f)]);
        Assert.InRange(histogram.BestScale().Step, 10 / 255f, 13 / 255f);

        histogram.Add([100]);

        Assert.InRange(histogram.BestScale().Step, 10 / 255f, 90 / 255f);
        Assert.Equal(0, histogram.BestScale().Zero);
    }

    [Fact]
    public void MostHarmful_AnyNetwork_RanksEveryConvolutionAndFloatsHelp()
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var run = TrainedRun.Read(folder.Run);
        var (network, weights) = BatchNormFolding.Fold(run.Network, run.Weights);
        var manifest = Export(folder, InputType.Float32).Read().Manifest;
        var images = Pixels.Noise(network.Input.Output, 8).ToArray();
        var quantiser = new Quantiser(network, weights, manifest, new ExportFormat(), images, CancellationToken.None);
        using var reference = new OnnxRunner(Bytes(network, weights));
        float[] together = [.. images.SelectMany(image => image)];

        var ranked = quantiser.MostHarmful(reference, together, CancellationToken.None);

        Assert.Equal(57, ranked.Distinct().Count());
        var expected = reference.Run(ParityCheck.Feed(reference, together, manifest.Preprocessing));
        using var none = new OnnxRunner(quantiser.Encode([]));
        using var all = new OnnxRunner(quantiser.Encode(ranked));
        Assert.True(Difference(all) < Difference(none));

        double Difference(OnnxRunner runner) =>
            ParityCheck.LargestDifference(expected, runner.Run(ParityCheck.Feed(runner, together, manifest.Preprocessing)));
    }

    [Fact]
    public void Find_GraphsThatDiffer_RefusedWithTheFigures()
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var manifest = Export(folder, InputType.Float32).Read().Manifest;
        var network = Sketch();
        var weights = FormulaWeights.For(network);
        var images = Pixels.Noise(network.Input.Output, 4).ToArray();
        var quantiser = new Quantiser(network, weights, manifest, new ExportFormat(), images, CancellationToken.None);
        using var opposite = new OnnxRunner(
            Bytes(
                network,
                weights.ToDictionary(
                    pair => pair.Key,
                    pair => pair.Key.StartsWith("fc", StringComparison.Ordinal) ? Array.ConvertAll(pair.Value, value => -value) : pair.Value
                )
            )
        );
        List<string> said = [];

        var error = Assert.Throws<InvalidDataException>(() =>
            new IntegerExport(quantiser, opposite, manifest.Preprocessing, images, data: null, TimeProvider.System, said.Add).Find(
                CancellationToken.None
            )
        );

        Assert.StartsWith(
            "Even with half of its convolutions in floats the integer graph is not good enough (cosine of the logits -",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["int8 with 0", "int8 with 1", "int8 with 2"], said.Select(line => line[..11]));
    }

    [Fact]
    public void Run_ManifestOfFloats_SaysWhatTheGraphHolds()
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var bundle = Export(folder, InputType.Float32);
        var (model, manifest) = bundle.Read();

        Assert.Contains("precision: int8, 57 of 57 convolutions in integers", BundleVerification.Run(bundle));
        bundle.Write(model, manifest with { Precision = Precision.Fp16 });
        Assert.Equal(
            "the graph's convolutions are int8, the manifest says fp16.",
            Assert.Throws<InvalidDataException>(() => BundleVerification.Run(bundle).Count()).Message
        );
    }

    private static Network Sketch()
    {
        var net = new NetworkBuilder("sketch", 9);
        var x = net.Input;
        for (var i = 0; i < 4; i++)
            x = net.Append($"relu{i}", new Relu(), net.Append($"conv{i}", new Conv(5, Window.Square(3), Bias: true), x));
        return net.Build(WeightInit.He, net.Append("fc", new Linear(3), net.Append("flatten", new Flatten(), x)));
    }

    private static Dictionary<string, float[]> Untrained(TrainedRunFolder folder)
    {
        TorchSharp.torch.manual_seed(1);
        using var module = new NetworkModule(RunNetworks.Build(folder.Run.ReadRecord().Network));
        return ModuleWeights.Read(module);
    }

    private static byte[] Bytes(Network network, IReadOnlyDictionary<string, float[]> weights) =>
        Google.Protobuf.MessageExtensions.ToByteArray(OnnxWriter.Encode(network, weights, new Dictionary<string, string>()));

    private static BundleFolder Export(TrainedRunFolder folder, InputType input)
    {
        var bundle = new BundleFolder(folder.In("int8"));
        new RunExport(TrainedRun.Read(folder.Run), TimeProvider.System, _ => { })
        {
            Format = new ExportFormat(Precision.Int8, input),
            RangeImages = new ActivationRangeImages(folder.Data.Train, folder.Data.HeldOut),
        }.Write(bundle, folder.Data, [CropMode.Single]);
        return bundle;
    }
}
