using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using Saccade.Training.Import;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Modules;
using Saccade.Training.Weights;
using Saccade.Training.Weights.Keras;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>Files as Keras writes them, by h5py; every tensor at its place, and answers as torch computes them from the same
/// layers.</summary>
public sealed class KerasImportTests : IClassFixture<KerasFiles>, IDisposable
{
    private const string Modules = "h5py, torch";
    private const int Classes = 5;
    private const int Images = 2;

    private readonly KerasFiles _files;
    private readonly TempFolder _folder = new();

    public KerasImportTests(KerasFiles files) => _files = files;

    public static TheoryData<string, string> Forms
    {
        get
        {
            TheoryData<string, string> forms = [];
            foreach (
                var form in new[] { "published.h5", "model.h5", "nested.h5", "plain.weights.h5", "model.keras", "nested.keras", "tfjs" }
            )
            {
                forms.Add("inception_v3", form);
                forms.Add("xception", form);
            }

            return forms;
        }
    }

    public void Dispose() => _folder.Dispose();

    [PythonTheory(Modules)]
    [MemberData(nameof(Forms))]
    public async Task Import_AsKerasWritesIt_PutsEveryTensorInItsPlace(string network, string form)
    {
        var imported = await Import(network, form);
        using var file = WeightsFile.Open(await _files.PathOf(network, "expected.pth"));
        var expected = file.Tensors.ToDictionary(tensor => tensor.Name);

        var numbers = new Dictionary<string, int>();
        var compared = 0;

        // As Keras makes them: the way around a block before the block.
        var body = imported
            .Network.Main.TakeWhile(node => node.Layer is not (GlobalAvgPool or Flatten))
            .Where(node => node.Weights.Count > 0)
            .GroupBy(node => node.Stage)
            .SelectMany(stage => stage.OrderBy(node => node.Name.Contains(".skip", StringComparison.Ordinal) ? 0 : 1));
        foreach (var node in body)
        {
            string[] parts = node.Layer is BatchNorm ? ["gamma", "beta", "moving_mean", "moving_variance"] : ["kernel"];
            var kind = node.Layer is BatchNorm ? "BatchNormalization" : "Conv2D";
            if (node.Layer is Conv { Groups: > 1 })
                (kind, parts) = ("SeparableConv2D", ["depthwise_kernel"]);
            else if (node.Inputs[0].Layer is Conv { Groups: > 1 })
                (kind, parts) = ("SeparableConv2D", ["pointwise_kernel"]);
            var number = numbers.GetValueOrDefault(kind);
            if (parts[0] != "depthwise_kernel")
                numbers[kind] = number + 1;
            foreach (var (part, weight) in parts.Zip(node.Weights))
            {
                var wanted = expected.TryGetValue($"{kind}.{number}.{part}", out var tensor)
                    ? tensor.Read()
                    : [.. Enumerable.Repeat(1f, (int)weight.Count)];
                Assert.True(wanted.SequenceEqual(imported.Weights[weight.Name]), $"{weight.Name} is not {kind}.{number}.{part}");
                compared++;
            }
        }

        Assert.Equal(network == "xception" ? 234 : 470, compared);
    }

    [PythonTheory(Modules)]
    [MemberData(nameof(Forms))]
    public async Task Import_AsKerasWritesIt_AnswersAsTorch(string network, string form)
    {
        var imported = await Import(network, form);

        var (folded, weights) = BatchNormFolding.Fold(imported.Network, imported.Weights);
        using var runner = new OnnxRunner(OnnxWriter.Encode(folded, weights, new Dictionary<string, string>()).ToByteArray());
        var expected = await _files.Floats(
            network,
            form.StartsWith("nested", StringComparison.Ordinal) ? "nested-logits.bin" : "logits.bin"
        );
        var logits = runner.Run(await _files.Floats(network, "images.bin"));

        Assert.Equal(Images * Classes, logits.Length);
        // Two libraries add in orders of their own, which differ by processor: 1.03e-5 of the spread were seen on an EPYC.
        Assert.InRange(NetworkModuleTests.LargestDifference(expected, logits), 0, 2e-5 * (expected.Max() - expected.Min()));
    }

    [PythonFact(Modules)]
    public async Task Import_SavedWithoutItsTop_SaysSo()
    {
        var error = await Refused("inception_v3", "notop.h5");

        Assert.Equal("the file has no dense layer, and so no classifier: it was saved without its top", error.Message);
    }

    [PythonTheory(Modules)]
    [InlineData("model.keras")]
    [InlineData("published.h5")]
    public async Task Import_AsAnotherNetwork_SaysWhatItHasInALine(string form)
    {
        var error = await Refused("xception", form, "inception-v3");

        Assert.Equal(
            "the model is not inception-v3: of Conv2D, SeparableConv2D, BatchNormalization it has 6, 34, 40 layers, inception-v3 94, 0, 94",
            error.Message
        );
    }

    [PythonFact(Modules)]
    public async Task Import_NetworkThatKerasLacks_NamesThoseThatItHas()
    {
        var error = await Refused("xception", "model.keras", "googlenet-bn");

        Assert.Equal("it is a file of Keras, which has no googlenet-bn; its inception-v3 and xception are read", error.Message);
    }

    [PythonFact(Modules)]
    public async Task Import_OtherClassCountThanAskedFor_SaysBoth()
    {
        using var file = WeightsFile.Open(await _files.PathOf("xception", "model.keras"));

        var error = Assert.Throws<InvalidDataException>(() => KerasImport.Import(file.Keras!, "xception", classes: 4, input: null));

        Assert.Equal("the model has 5 classes, not 4", error.Message);
    }

    [PythonTheory(Modules)]
    [InlineData("\"epsilon\": 0.001", "\"epsilon\": 0.002", null)]
    [InlineData("\"class_name\": \"Dropout\"", "\"class_name\": \"Lambda\"", "layer 'dropout_7' is a Lambda, as no network here has it")]
    [InlineData(
        "\"strides\": [2, 2]",
        "\"strides\": [1, 1]",
        "layer 'block1_conv1' (Conv2D) has strides (1, 1) where the network has (2, 2)"
    )]
    [InlineData(
        "\"padding\": \"valid\"",
        "\"padding\": \"same\"",
        "layer 'block1_conv1' (Conv2D) has padding same where the network has valid"
    )]
    [InlineData(
        "\"class_name\": \"MaxPooling2D\"",
        "\"class_name\": \"AveragePooling2D\"",
        "layer 'block2_pool' is a AveragePooling2D where block1.rep.5 is a MaxPooling2D"
    )]
    [InlineData("\"activation\": \"softmax\"", "\"activation\": \"sigmoid\"", "layer 'dense_8' (Dense) has the activation 'sigmoid'")]
    [InlineData(
        "\"class_name\": \"GlobalAveragePooling2D\"",
        "\"class_name\": \"Flatten\"",
        "dense_7/kernel is [2048, 8] in the file and [204800, 8] in the network"
    )]
    [InlineData("[null, 299, 299, 3]", "[null, 299, 298, 3]", "the model's input is [null, 299, 298, 3], not [null, side, side, 3]")]
    [InlineData("\"output_layers\": [", "\"output_layers\": [[\"dense_7\", 0, 0], ", "the model has 2 outputs")]
    [InlineData("\"class_name\": \"Conv2D\"", "\"class_name\": \"Conv3D\"", "layer 'block1_conv1' is a Conv3D")]
    [InlineData(
        "\"config\": {\"name\": \"xception\"",
        "\"config\": [\"xception\"], \"more\": {\"name\": \"xception\"",
        "the description of the model is broken"
    )]
    [InlineData("{\"module\"", "{module", "the description of the model is no JSON")]
    public async Task Import_DescriptionChanged_IsRefusedWithTheReason(string from, string to, string? complaint)
    {
        var path = await Changed("xception", "config.json", json => ReplaceFirst(json, from, to));

        if (complaint is null)
        {
            using var file = WeightsFile.Open(path);
            var network = KerasImport.Import(file.Keras!, "xception", null, null).Network;
            Assert.Equal(0.002, network.Nodes.Select(node => node.Layer).OfType<BatchNorm>().First().Epsilon);
            return;
        }

        var error = Assert.Throws<InvalidDataException>(() =>
        {
            using var file = WeightsFile.Open(path);
            KerasImport.Import(file.Keras!, "xception", null, null);
        });
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 1_000);
        Assert.DoesNotContain('\n', error.Message);
    }

    [PythonFact(Modules)]
    public async Task Import_ModelThatScalesPixels_TellsMeanAndDeviation()
    {
        const string Input = "{\"module\": \"keras.layers\", \"class_name\": \"Conv2D\"";
        const string Scaling =
            """{"class_name": "Rescaling", "name": "r", """
            + """ "config": {"name": "r", "scale": 0.00784313725490196, "offset": -1}, "inbound_nodes": []}, """;
        using var file = WeightsFile.Open(await Changed("xception", "config.json", json => ReplaceFirst(json, Input, Scaling + Input)));

        var imported = KerasImport.Import(file.Keras!, "xception", null, null);

        Assert.Equal(0.5f, imported.Rescaling!.Value.Mean[0]);
        Assert.Equal(0.5f, imported.Rescaling.Value.Std[2]);
    }

    private static string ReplaceFirst(string text, string from, string to)
    {
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{from} is not there");
        return text[..at] + to + text[(at + from.Length)..];
    }

    private async Task<ImportedWeights> Import(string network, string form)
    {
        using var file = WeightsFile.Open(await _files.PathOf(network, form));
        return KerasImport.Import(file.Keras!, network.Replace('_', '-'), Classes, input: null);
    }

    private async Task<InvalidDataException> Refused(string network, string form, string? architecture = null)
    {
        using var file = WeightsFile.Open(await _files.PathOf(network, form));
        return Assert.Throws<InvalidDataException>(() =>
            KerasImport.Import(file.Keras!, architecture ?? network.Replace('_', '-'), null, null)
        );
    }

    /// <summary>The archive with one text entry changed.</summary>
    private async Task<string> Changed(string network, string entry, Func<string, string> change)
    {
        var path = _folder["changed.keras"];
        File.Copy(await _files.PathOf(network, "model.keras"), path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        using var reader = new StreamReader(archive.GetEntry(entry)!.Open(), Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        reader.Close();
        archive.GetEntry(entry)!.Delete();
        await using var writer = new StreamWriter(archive.CreateEntry(entry).Open());
        await writer.WriteAsync(change(text));
        return path;
    }
}
