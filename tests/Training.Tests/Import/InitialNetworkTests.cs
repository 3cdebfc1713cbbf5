using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Import;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Data;
using Saccade.Training.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Import;

/// <summary>What a run can start from, and what of it arrives.</summary>
public sealed class InitialNetworkTests
{
    private readonly List<string> _said = [];

    [Fact]
    public void Apply_RunOfTheSameClasses_GivesEveryWeight()
    {
        using TrainedRunFolder folder = new();
        var initial = Open(folder.Run.Path);

        using var module = Start(initial, folder.Data.Labels, folder.Data.Train);

        Assert.Equal(Source(folder).OrderBy(pair => pair.Key, StringComparer.Ordinal), Values(module));
        Assert.Equal("head: kept, 4 classes", _said[^1]);
        Assert.Equal(folder.Run.ReadRecord().Preprocessing.Mean, initial.Preprocessing.Mean);
    }

    [Fact]
    public void Apply_OtherClasses_ReplacesTheClassifiersAndSaysTheirShapes()
    {
        using TrainedRunFolder folder = new();
        var initial = Open(folder.Run.Path);

        using var module = Start(initial, ["a", "b", "c", "d", "e", "f", "g"], folder.Data.Train);

        Assert.Contains("head: 4 -> 7 classes, new weights [7, 256]", _said);
        Assert.Contains("auxiliary classifiers: new weights aux1.fc2 [7, 256], aux2.fc2 [7, 256]", _said);
        var source = Source(folder);
        Assert.All(
            Values(module),
            pair =>
            {
                if (pair.Key.StartsWith("fc.", StringComparison.Ordinal) || pair.Key.Contains(".fc2.", StringComparison.Ordinal))
                    Assert.InRange(pair.Value.Max(Math.Abs), 0, 0.1); // drawn with a deviation of 0.01
                else
                    Assert.Equal(source[pair.Key], pair.Value);
            }
        );
    }

    /// <summary>As many classes, but others: rows of weights that mean cats say nothing of ships.</summary>
    [Fact]
    public void Apply_AsManyClassesOfOtherNames_ReplacesTheClassifier()
    {
        using TrainedRunFolder folder = new();

        using var module = Start(Open(folder.Run.Path), ["zero", "one", "two", "five"], folder.Data.Train);

        Assert.Contains("head: 4 -> 4 classes, new weights [4, 256]", _said);
    }

    [Theory]
    [InlineData("googlenet", Precision.Fp32, InputType.Float32)] // no batch norm, so nothing to unfold
    [InlineData("googlenet-bn", Precision.Fp32, InputType.UInt8)]
    [InlineData("bn-inception", Precision.Fp32, InputType.Float32)]
    [InlineData("googlenet-bn", Precision.Fp16, InputType.Float32)]
    public void Apply_Bundle_ComputesWhatTheBundleDoes(string architecture, Precision precision, InputType input)
    {
        using TrainedRunFolder folder = new(architecture);
        var bundle = Export(folder, new ExportFormat(precision, input));
        var initial = Open(bundle.Path);

        using var module = Start(initial, folder.Data.Labels, folder.Data.Train);

        var (model, manifest) = bundle.Read();
        using var runner = new OnnxRunner(model);
        var parity = new ParityCheck(module, manifest.Preprocessing).Measure(runner, [.. CentreCrops.Of(folder.Data.HeldOut, 4, manifest)]);
        Assert.InRange(parity.MaxAbsLogitDifference, 0, precision == Precision.Fp32 ? 1e-4 : 0.02 * parity.LogitSpread!.Value);
        Assert.Equal(folder.Run.ReadRecord().Network.Architecture, initial.Network.Architecture);
        Assert.Equal(
            architecture != "googlenet",
            _said.Any(line => line.StartsWith("batch norm: statistics measured on 8 ", StringComparison.Ordinal))
        );
    }

    /// <summary>
    /// A bundle has no statistics. Were they taken for 0 and 1, batch normalisation would undo every convolution's scale in training: what
    /// the network computes from a batch in training must be near to what it computes in evaluation.
    /// </summary>
    [Fact]
    public void Apply_Bundle_MeasuresStatisticsSoThatTrainingGoesOnFromTheSameNetwork()
    {
        using TrainedRunFolder folder = new();
        var initial = Open(Export(folder, new ExportFormat()).Path);
        using var module = Start(initial, folder.Data.Labels, folder.Data.Train);
        var crops = new EvaluationCrops(CropMode.Single, initial.Preprocessing, 24);
        BatchLoader loader = new(folder.Data.Train, crops.FloatsPerImage, ahead: 1, TimeProvider.System);
        using var batch = loader.Read([.. Enumerable.Range(0, 8)], new BatchPlan(8, 8), crops.Write).Single();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var pixels = PixelTensor.Of(batch.Pixels, module.Network.Input.Output);

        // The statistics were measured on these very images, so the batch's own are the same.
        module.eval();
        var still = module.FeaturesOf(pixels).data<float>().ToArray();
        module.train();
        var moving = module.FeaturesOf(pixels).data<float>().ToArray();

        var scale = still.Max() - still.Min();
        Assert.All(still.Zip(moving), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-3 * scale));
    }

    [Fact]
    public void Open_BundleOfIntegers_IsRefused()
    {
        using TrainedRunFolder folder = new();
        var bundle = Export(folder, new ExportFormat());
        var manifest = Path.Combine(bundle.Path, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"fp32\"", "\"int8\"", StringComparison.Ordinal));

        var error = Assert.Throws<InvalidDataException>(() => Open(bundle.Path));
        Assert.Contains("8-bit integers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderOfVersions_TakesTheNewest()
    {
        using TrainedRunFolder folder = new();
        var bundle = Export(folder, new ExportFormat());
        foreach (var version in new[] { "2", "10", "notes" })
        {
            Directory.CreateDirectory(folder.In($"model/{version}"));
            foreach (var file in Directory.GetFiles(bundle.Path))
                File.Copy(file, folder.In($"model/{version}/{Path.GetFileName(file)}"));
        }

        File.WriteAllText(folder.In("model/2/manifest.json"), "{");

        Assert.Equal("bundle", Open(folder.In("model")).Origin.Kind);
    }

    [Fact]
    public void Apply_BundleForLargerImages_MeasuresStatisticsOnThose()
    {
        using TrainedRunFolder folder = new();
        var initial = Open(Export(folder, new ExportFormat()).Path);
        var preprocessing = initial.Preprocessing with { ResizeShorterSide = 32, MultiCropShorterSide = 37, CropPlans = null };
        using NetworkModule module = new(RunNetworks.Build(initial.Network with { InputSize = 32 }));

        initial.Apply(module, folder.Data.Labels, preprocessing, folder.Data.Train, _said.Add);

        Assert.Contains(_said, line => line.StartsWith("batch norm: statistics measured", StringComparison.Ordinal));
        Assert.All(
            Values(module).Where(weight => weight.Key.EndsWith("running_var", StringComparison.Ordinal)),
            weight => Assert.All(weight.Value, value => Assert.True(value > 0))
        );
    }

    [Fact]
    public void Open_RunWithAnotherStateOrPreprocessing_IsRefused()
    {
        using TrainedRunFolder folder = new();
        ImportRequest request = new("", folder.Run.Path);

        Assert.Throws<InvalidDataException>(() => InitialNetworks.Open(request with { State = "state_dict_ema" }, _said.Add));
        Assert.Throws<InvalidDataException>(() =>
            InitialNetworks.Open(request with { Preprocess = PreprocessingKind.Torchvision }, _said.Add)
        );
    }

    [Fact]
    public void Open_BestWeightsOfARun_AreTheRunsNetwork()
    {
        using TrainedRunFolder folder = new();
        File.Copy(folder.Run.WeightsFile, folder.Run.BestFile);

        Assert.Equal("run", Open(folder.Run.BestFile).Origin.Kind);
    }

    [Fact]
    public void Apply_FileOfWeights_BringsArchitectureAndPreprocessingOfItsImport()
    {
        using TempFolder folder = new();
        var network = Architectures.Create("googlenet-bn", new NetworkOptions { Classes = 7, Aux = false });
        var weights = FormulaWeights.For(network);
        WriteWeights(folder["published.safetensors"], network, weights);

        var initial = Open(folder["published.safetensors"], "googlenet-bn");
        using var module = Start(initial, ["x", "y", "z"], new NumberedImages(2));

        Assert.Equal((224, "torchvision", Stem.Full), (initial.Network.InputSize, initial.Network.Variant, initial.Network.Stem));
        Assert.Equal([0.5f, 0.5f, 0.5f], initial.Preprocessing.Mean); // torchvision's transform_input
        Assert.Contains("head: 7 -> 3 classes, new weights [3, 1024]", _said);
        Assert.Equal(weights["conv1.conv.weight"], Values(module)["conv1.conv.weight"]);
    }

    [Fact]
    public void Open_FileWithoutAnArchitecture_AsksForOne()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["weights.pth"], "");

        var error = Assert.Throws<InvalidDataException>(() => Open(folder["weights.pth"]));
        Assert.Contains("--arch", error.Message, StringComparison.Ordinal);
    }

    private InitialNetwork Open(string path, string architecture = "") =>
        InitialNetworks.Open(new ImportRequest(architecture, path), _said.Add);

    private NetworkModule Start(InitialNetwork initial, IReadOnlyList<string> labels, IImageSource images)
    {
        NetworkModule module = new(RunNetworks.Build(initial.Network with { Classes = labels.Count }));
        initial.Apply(module, labels, initial.Preprocessing, images, _said.Add);
        return module;
    }

    private static BundleFolder Export(TrainedRunFolder folder, ExportFormat format)
    {
        BundleFolder bundle = new(folder.In("bundle"));
        new RunExport(TrainedRun.Read(folder.Run), TimeProvider.System, _ => { }) { Format = format }.Write(bundle, folder.Data, []);
        return bundle;
    }

    private static Dictionary<string, float[]> Source(TrainedRunFolder folder)
    {
        using var file = WeightsFile.Open(folder.Run.WeightsFile);
        return file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read(), StringComparer.Ordinal);
    }

    private static SortedDictionary<string, float[]> Values(NetworkModule module) =>
        new(ModuleWeights.Read(module), StringComparer.Ordinal);

    private static void WriteWeights(string path, Network network, Dictionary<string, float[]> weights) =>
        AtomicFile.Write(
            path,
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        .. network
                            .Weights.Where(weight => weight.Role != WeightRole.BatchCount)
                            .Select(weight => new SafetensorsTensor(
                                weight.Name,
                                SafetensorsType.F32,
                                weight.Shape,
                                MemoryMarshal.AsBytes<float>(weights[weight.Name]).ToArray()
                            )),
                    ]
                )
        );
}
