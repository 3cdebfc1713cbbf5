using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Onnx;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

public sealed class RunExportTests : IDisposable
{
    private readonly TrainedRunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("googlenet")]
    [InlineData("googlenet-bn")]
    public void Write_TrainedRun_MakesASoundBundle(string architecture)
    {
        using var folder = new TrainedRunFolder(architecture);
        var bundle = new BundleFolder(folder.In("bundle"));

        Export(folder, bundle, folder.Data, CropMode.Single, CropMode.Crops10);
        var (_, manifest) = bundle.Read();

        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
        Assert.Equal(architecture, manifest.Architecture.Name);
        Assert.Equal(RunNetwork(folder).Parameters, manifest.Architecture.Parameters);
        Assert.Equal(36, manifest.Parity!.Images);
        Assert.InRange(manifest.Parity.MaxAbsLogitDifference, 0, 1e-4);
        Assert.Equal(["1", "10"], manifest.Accuracy!.Top1ByCrops.Keys);
        Assert.Equal("train --data gone --out run", manifest.Provenance!["command"]);
        Assert.Contains("averaging.kind ema", manifest.Provenance["recipe"], StringComparison.Ordinal);
        Assert.Equal(
            ["README.md", "manifest.json", "model.onnx", "probe.json"],
            Directory.GetFiles(bundle.Path).Select(Path.GetFileName).Order()
        );
        Assert.Equal(["bundle", "run"], Directory.GetDirectories(folder.In(".")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Write_Accuracy_IsThatOfTheTrainedNetwork()
    {
        var run = TrainedRun.Read(_folder.Run);
        using var module = new NetworkModule(run.Network);
        ModuleWeights.Write(module, run.Weights);
        var bundle = new BundleFolder(_folder.In("bundle"));

        Export(_folder, bundle, _folder.Data, CropMode.Single);
        var crops = new EvaluationCrops(CropMode.Single, run.Record.Preprocessing, 24);
        var trained = new Evaluator(_folder.Data.HeldOut, crops, ahead: 1, TimeProvider.System).Run(module);

        Assert.Equal(trained.Top1, bundle.Read().Manifest.Accuracy!.Top1ByCrops["1"]);
    }

    [Fact]
    public void Write_NoData_LeavesTheAccuracyOutAndStillProvesParity()
    {
        var bundle = new BundleFolder(_folder.In("bundle"));

        Export(_folder, bundle, data: null);

        Assert.Null(bundle.Read().Manifest.Accuracy);
        Assert.Equal(20, bundle.Read().Manifest.Parity!.Images);
    }

    [Fact]
    public void Write_OverABundle_ReplacesItAsAWhole()
    {
        var bundle = new BundleFolder(_folder.In("bundle"));
        Export(_folder, bundle, data: null);
        File.WriteAllText(Path.Combine(bundle.Path, "leftover.txt"), "from the old one");

        Export(_folder, bundle, data: null);

        Assert.False(File.Exists(Path.Combine(bundle.Path, "leftover.txt")));
        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
    }

    [Fact]
    public void Write_OverAnotherFolder_RefusesAndTouchesNothing()
    {
        var error = Assert.Throws<InvalidDataException>(() => Export(_folder, new BundleFolder(_folder.Run.Path), data: null));

        Assert.Equal($"'{_folder.Run.Path}' holds other files and no bundle; choose an empty or a new folder.", error.Message);
        Assert.True(_folder.Run.HoldsRun);
    }

    [Fact]
    public void Write_WeightsAreNoNumbers_RefusesAndWritesNothing()
    {
        var weights = Networks.FormulaWeights.For(RunNetwork(_folder));
        weights["conv3.conv.weight"][7] = float.NaN;
        _folder.WriteWeights(weights);
        var bundle = new BundleFolder(_folder.In("bundle"));

        var error = Assert.Throws<InvalidDataException>(() => Export(_folder, bundle, data: null));

        Assert.Equal("The exported graph's logits differ by NaN from the trained network's; at most 0.0001 is accepted.", error.Message);
        Assert.False(Directory.Exists(bundle.Path));
    }

    [Fact]
    public void Prove_OneWeightOff_Refuses()
    {
        var run = TrainedRun.Read(_folder.Run);
        using var module = new NetworkModule(run.Network);
        ModuleWeights.Write(module, run.Weights);
        run.Weights["fc.bias"][2] += 0.01f;
        using var runner = new OnnxRunner(Google.Protobuf.MessageExtensions.ToByteArray(OnnxWriterTests.Encode(run.Network, run.Weights)));
        var check = new ParityCheck(module, run.Record.Preprocessing);

        var error = Assert.Throws<InvalidDataException>(() => check.Prove(runner, [.. Pixels.Noise(runner.Input, 2)]));

        Assert.Equal("The exported graph's logits differ by 0.01 from the trained network's; at most 0.0001 is accepted.", error.Message);
    }

    [Fact]
    public void Read_TensorMissing_NamesIt()
    {
        var weights = Networks.FormulaWeights.For(RunNetwork(_folder));
        weights.Remove("inception4c.branch2.1.bn.running_mean");
        _folder.WriteWeights(weights);

        var error = Assert.Throws<InvalidDataException>(() => TrainedRun.Read(_folder.Run));

        Assert.Equal("weights.safetensors lacks inception4c.branch2.1.bn.running_mean.", error.Message);
    }

    [Fact]
    public void Read_NotTrainedYet_SaysSo()
    {
        File.Delete(_folder.Run.WeightsFile);

        var error = Assert.Throws<InvalidDataException>(() => TrainedRun.Read(_folder.Run));

        Assert.Equal($"'{_folder.Run.Path}' holds no trained weights yet: it has no weights.safetensors.", error.Message);
    }

    internal static void Export(TrainedRunFolder folder, BundleFolder bundle, DataSet? data, params CropMode[] plans) =>
        new RunExport(TrainedRun.Read(folder.Run), TimeProvider.System, _ => { }).Write(bundle, data, plans);

    private static Network RunNetwork(TrainedRunFolder folder) => RunNetworks.Build(folder.Run.ReadRecord().Network);
}
