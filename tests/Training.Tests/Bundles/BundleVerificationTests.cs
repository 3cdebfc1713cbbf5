using System.Security.Cryptography;
using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Onnx.Schema;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

public sealed class BundleVerificationTests : IDisposable
{
    /// <summary>Lines about a bundle that holds all that it can.</summary>
    internal const int Checks = 16;

    private readonly TrainedRunFolder _folder = new();
    private readonly BundleFolder _bundle;

    public BundleVerificationTests()
    {
        _bundle = new BundleFolder(_folder.In("bundle"));
        RunExportTests.Export(_folder, _bundle, data: null);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OneBitFlipped_NamesBothSums()
    {
        var (model, manifest) = _bundle.Read();
        model[model.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(_bundle.Path, "model.onnx"), model);

        Assert.Equal($"model.onnx has sha256 {Sha256(model)}, the manifest says {manifest.Sha256}.", Failure());
    }

    [Fact]
    public void Run_NoSum_SaysSo()
    {
        var (model, manifest) = _bundle.Read();
        _bundle.Write(model, manifest with { Sha256 = null });

        Assert.Equal($"the manifest has no sha256; model.onnx has {Sha256(model)}.", Failure());
    }

    [Fact]
    public void Run_NotOnnx_SaysSo()
    {
        var garbage = "this is no model"u8.ToArray();
        Rewrite(manifest => manifest, _ => garbage);

        Assert.StartsWith("model.onnx is no ONNX file", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OldOperatorSet_SaysWhatIsExpected()
    {
        Rewrite(manifest => manifest, model => model.OpsetImport[0].Version = 11);

        Assert.Equal("model.onnx has operator set 11; 13 or later is expected.", Failure());
    }

    [Fact]
    public void Run_InputOfOtherSize_NamesBoth()
    {
        Rewrite(manifest => manifest with { Input = manifest.Input with { Height = 23 } });

        Assert.Equal("the graph's input is 3×24×24, the manifest says 23×24.", Failure());
    }

    [Fact]
    public void Run_OtherNames_NamesBoth()
    {
        Rewrite(manifest => manifest with { Output = "scores" });

        Assert.Equal("the graph's output is 'logits', the manifest says 'scores'.", Failure());
    }

    [Fact]
    public void Run_LabelMissing_NamesBothCounts()
    {
        Rewrite(manifest => manifest with { Labels = ["zero", "one", "two"] });

        Assert.Equal("the graph has 4 classes, the manifest 3 labels.", Failure());
    }

    [Fact]
    public void Run_LabelsSwapped_Refuses()
    {
        Rewrite(manifest => manifest with { Labels = ["one", "zero", "two", "three"] });

        Assert.Equal("the labels inside model.onnx are not the manifest's.", Failure());
    }

    [Fact]
    public void Run_ParityAboveTheLimit_Refuses()
    {
        Rewrite(manifest => manifest with { Parity = new ManifestParity(0.5, 16) });

        Assert.Equal("the recorded parity 0.5 is above 0.0001.", Failure());
    }

    [Fact]
    public void Run_WeightsAreNoNumbers_Refuses()
    {
        Rewrite(
            manifest => manifest,
            model =>
            {
                var bias = model.Graph.Initializer.Single(tensor => tensor.Name == "fc.bias");
                bias.RawData = ByteString.CopyFrom([.. BitConverter.GetBytes(float.NaN), .. bias.RawData.Span[sizeof(float)..]]);
            }
        );

        Assert.Equal("the graph gives values that are not finite.", Failure());
    }

    [Fact]
    public void Run_OperatorUnknown_SaysThatTheRuntimeRefuses()
    {
        Rewrite(manifest => manifest, model => model.Graph.Node[0].OpType = "Convolve");

        Assert.StartsWith("model.onnx: ONNX Runtime refuses it:", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FileMissing_NamesIt()
    {
        File.Delete(Path.Combine(_bundle.Path, "manifest.json"));

        Assert.Equal($"'{_bundle.Path}' is no bundle: it has no manifest.json.", Failure());
    }

    private string Failure() => Assert.Throws<InvalidDataException>(() => BundleVerification.Run(_bundle).ToArray()).Message;

    private void Rewrite(Func<ModelManifest, ModelManifest> change, Action<ModelProto> edit) =>
        Rewrite(
            change,
            bytes =>
            {
                var model = ModelProto.Parser.ParseFrom(bytes);
                edit(model);
                return model.ToByteArray();
            }
        );

    private void Rewrite(Func<ModelManifest, ModelManifest> change, Func<byte[], byte[]>? edit = null)
    {
        var (model, manifest) = _bundle.Read();
        model = edit is null ? model : edit(model);
        _bundle.Write(model, change(manifest) with { Sha256 = Sha256(model) }, _bundle.ReadProbe());
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
