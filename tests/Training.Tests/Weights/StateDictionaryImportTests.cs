using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Import;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Networks;
using Saccade.Training.Weights;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>How a file's names become the network's. The files are safetensors, because those are easily made.</summary>
public sealed class StateDictionaryImportTests : IDisposable
{
    private const int Classes = 7;

    private readonly TempFolder _folder = new();
    private readonly Network _network = Architectures.Create("googlenet-bn", new NetworkOptions { Classes = Classes });
    private readonly Dictionary<string, (long[] Shape, float[] Values)> _tensors;

    public StateDictionaryImportTests()
    {
        var weights = FormulaWeights.For(_network);
        _tensors = _network
            .Weights.Where(weight => weight.Role != WeightRole.BatchCount)
            .ToDictionary(weight => weight.Name, weight => (weight.Shape.ToArray(), weights[weight.Name]));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Hundreds of tensors differ; the message has to be read all the same.</summary>
    [Theory]
    [InlineData("inception-v3")]
    [InlineData("xception")]
    public void Import_AnotherArchitecture_SaysSoInALineThatCanBeRead(string architecture)
    {
        var message = Assert.Throws<InvalidDataException>(() => Import(classes: null, architecture)).Message;

        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 100, 1500);
        Assert.Contains("more", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true, null)]
    [InlineData("", false, null)]
    [InlineData("module.", true, "the prefix 'module.' was taken off every name")]
    [InlineData("module.model.", false, "the prefix 'module.model.' was taken off every name")]
    [InlineData("_orig_mod.", true, "the prefix '_orig_mod.' was taken off every name")]
    public void Import_PrefixAndAux_MakeNoDifference(string prefix, bool aux, string? note)
    {
        foreach (var name in _tensors.Keys.ToArray())
        {
            if (aux || !name.StartsWith("aux", StringComparison.Ordinal))
                _tensors[prefix + name] = _tensors[name];
            if (prefix.Length > 0 || (!aux && name.StartsWith("aux", StringComparison.Ordinal)))
                _tensors.Remove(name);
        }

        var imported = Import();

        Assert.Equal(Classes, imported.Network.Classes);
        Assert.Equal(aux, imported.Notes.Any(one => one.StartsWith("18 tensors of auxiliary classifiers", StringComparison.Ordinal)));
        Assert.Equal(note is not null, imported.Notes.Contains(note));
        Assert.DoesNotContain(imported.Weights.Keys, name => name.StartsWith("aux", StringComparison.Ordinal));
        foreach (var (name, values) in FormulaWeights.For(_network).Where(pair => imported.Weights.ContainsKey(pair.Key)))
            Assert.Equal(values, imported.Weights[name]);
    }

    [Theory]
    [InlineData("last_linear")]
    [InlineData("classifier")]
    public void Import_ClassifierOfAnotherName_IsFound(string name)
    {
        Rename("fc.weight", $"{name}.weight");
        Rename("fc.bias", $"{name}.bias");

        Assert.Equal(Classes, Import().Network.Classes);
    }

    [Fact]
    public void Import_KernelsKeptAsMatrices_AreTheSame()
    {
        var (_, values) = _tensors["conv2.conv.weight"];
        _tensors["conv2.conv.weight"] = ([64, 64], values);

        Assert.Equal(values, Import().Weights["conv2.conv.weight"]);
    }

    [Fact]
    public void Import_NamesThatFitNothing_ListsAllWithTheNearest()
    {
        Rename("conv3.conv.weight", "conv3.convolution.weight");
        Rename("inception4b.branch2.0.bn.running_mean", "inception4b.branch2.0.bn.mean");
        Rename("inception5a.branch1.bn.bias", "inception5a.branch1.norm.bias");

        var error = Assert.Throws<InvalidDataException>(Import);

        string[] expected =
        [
            "the weights are not those of googlenet-bn. 3 tensors missing in the file: conv3.conv.weight [192, 64, 3, 3] (nearest: "
                + "conv3.convolution.weight); ",
            "inception4b.branch2.0.bn.running_mean [112] (nearest: inception4b.branch2.0.bn.mean",
            "inception5a.branch1.bn.bias [256] (nearest: inception5a.branch1.norm.bias",
            ". 3 tensors unknown to the network: ",
            "conv3.convolution.weight [192, 64, 3, 3] (nearest: conv3.conv.weight)",
            "inception4b.branch2.0.bn.mean [112] (nearest: inception4b.branch2.0.bn.running_mean",
            "inception5a.branch1.norm.bias [256] (nearest: inception5a.branch1.bn.bias",
        ];
        Assert.All(expected, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Import_OtherShapes_SaysBoth()
    {
        _tensors["conv3.conv.weight"] = ([192, 3, 3, 64], _tensors["conv3.conv.weight"].Values);
        _tensors["inception3a.branch1.bn.weight"] = ([32, 2], _tensors["inception3a.branch1.bn.weight"].Values);

        var error = Assert.Throws<InvalidDataException>(Import);

        Assert.Equal(
            "the weights are not those of googlenet-bn. 2 tensors of another shape: "
                + "conv3.conv.weight is [192, 3, 3, 64] in the file and [192, 64, 3, 3] in the network; "
                + "inception3a.branch1.bn.weight is [32, 2] in the file and [64] in the network.",
            error.Message
        );
    }

    [Fact]
    public void Import_OtherClassCountThanAskedFor_SaysBoth()
    {
        var error = Assert.Throws<InvalidDataException>(() => Import(classes: 1000));

        Assert.Contains("fc.weight is [7, 1024] in the file and [1000, 1024] in the network", error.Message, StringComparison.Ordinal);
        Assert.Contains("fc.bias is [7] in the file and [1000] in the network", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_ValueThatIsNoNumber_NamesItsTensor()
    {
        _tensors["conv1.bn.bias"].Values[3] = float.NaN;

        Assert.Equal("tensor 'conv1.bn.bias' holds values that are not finite", Assert.Throws<InvalidDataException>(Import).Message);
    }

    [Fact]
    public void Write_LabelsAndLicence_GoIntoTheManifest()
    {
        File.WriteAllLines(_folder["labels.txt"], Enumerable.Range(0, Classes).Select(index => $"kind {index}"));
        var bundle = new BundleFolder(_folder["bundle"]);
        var request = new ImportRequest("googlenet-bn", WriteFile())
        {
            Labels = _folder["labels.txt"],
            Licence = "MIT",
            Preprocess = PreprocessingKind.Caffe,
        };

        new WeightsImport(request, TimeProvider.System, _ => { }).Write(bundle);

        var manifest = bundle.Read().Manifest;
        Assert.Equal("kind 6", manifest.Labels[6]);
        Assert.Equal("MIT", manifest.Licence);
        Assert.Equal(ChannelOrder.Bgr, manifest.Preprocessing.ChannelOrder);
        Assert.Equal("safetensors", manifest.Provenance!["weightsFormat"]);
        Assert.Equal(64, manifest.Provenance["weightsSha256"].Length);
        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
    }

    private ImportedWeights Import() => Import(classes: null);

    private ImportedWeights Import(int? classes, string architecture = "googlenet-bn")
    {
        using var file = WeightsFile.Open(WriteFile());
        return StateDictionaryImport.Import(file, architecture, classes, input: null);
    }

    private string WriteFile()
    {
        AtomicFile.Write(
            _folder["weights.safetensors"],
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        .. _tensors.Select(tensor => new SafetensorsTensor(
                            tensor.Key,
                            SafetensorsType.F32,
                            tensor.Value.Shape,
                            MemoryMarshal.AsBytes<float>(tensor.Value.Values).ToArray()
                        )),
                    ]
                )
        );
        return _folder["weights.safetensors"];
    }

    private void Rename(string from, string to)
    {
        _tensors[to] = _tensors[from];
        _tensors.Remove(from);
    }
}
