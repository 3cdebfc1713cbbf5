using Google.Protobuf;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.TestSupport;
using Saccade.Training.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Schema;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

/// <summary>The layer before the classifier as a second output, in every form in which a network leaves.</summary>
public sealed class FeaturesExportTests : IDisposable
{
    private const int Classes = 4;

    private readonly TrainedRunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<Precision, InputType> Formats =>
        new()
        {
            { Precision.Fp32, InputType.Float32 },
            { Precision.Fp32, InputType.UInt8 },
            { Precision.Fp16, InputType.Float32 },
            { Precision.Int8, InputType.UInt8 },
        };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_Features_AreWhatTheClassifierReads(Precision precision, InputType input)
    {
        var bundle = Export(new ExportFormat(precision, input, Features: true));

        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
        var (model, manifest) = bundle.Read();
        using var runner = new OnnxRunner(model);
        Assert.Equal(new ManifestFeatures("features", runner.FeaturesSize), manifest.Features);
        var images = ParityCheck.Feed(runner, [.. Pixels.Noise(runner.Input, 3).SelectMany(image => image)], manifest.Preprocessing);
        var expected = runner.RunFeatures(images).Chunk(runner.FeaturesSize).SelectMany(Classify).ToArray();
        Assert.InRange(ParityCheck.LargestDifference(expected, runner.Run(images)), 0, precision == Precision.Fp16 ? 0.02 : 1e-4);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_Features_LeaveTheLogitsAsTheyWere(Precision precision, InputType input)
    {
        using var plain = new OnnxRunner(Export(new ExportFormat(precision, input)).Read().Model);
        var (model, manifest) = Export(new ExportFormat(precision, input, Features: true)).Read();
        using var featured = new OnnxRunner(model);
        var images = ParityCheck.Feed(featured, [.. Pixels.Noise(featured.Input, 3).SelectMany(image => image)], manifest.Preprocessing);

        Assert.Equal(0, plain.FeaturesSize);
        // Where 16 bits are computed as 32, the runtime rounds what lies between in other places.
        Assert.InRange(ParityCheck.LargestDifference(plain.Run(images), featured.Run(images)), 0, precision == Precision.Fp16 ? 0.005 : 0);
    }

    [Fact]
    public async Task Classify_Features_AreThoseOfTheGraph()
    {
        var bundle = Export(new ExportFormat(Features: true), "models/net/1");
        var (model, manifest) = bundle.Read();
        var png = TestImages.Png(31, 24);
        await using var engine = await EngineHost.StartLoadedAsync(
            new() { ["Models:Path"] = _folder.In("models"), ["Execution:Provider"] = "Cpu" }
        );

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(png, features: true));

        File.WriteAllBytes(_folder.In("image.png"), png);
        using var image = new ImageFiles([(_folder.In("image.png"), 0)]).Load(0);
        EvaluationCrops crops = new(CropMode.Single, manifest.Preprocessing, manifest.Input.Height);
        var input = new float[crops.FloatsPerImage];
        crops.Write(0, image, input);
        using var runner = new OnnxRunner(model);
        Assert.Equal(runner.RunFeatures(input), answer.Features, (expected, actual) => Math.Abs(expected - actual) < 1e-4);
    }

    [Fact]
    public void Run_ManifestSaysAnotherSize_IsNotSound()
    {
        var bundle = Export(new ExportFormat(Features: true));
        var (model, manifest) = bundle.Read();
        bundle.Write(model, manifest with { Features = new("features", 7) }, bundle.ReadProbe());

        var error = Assert.Throws<InvalidDataException>(() => BundleVerification.Run(bundle).Count());

        Assert.Contains("7 numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FeaturesOfAnotherLayer_IsNotSound()
    {
        var bundle = Export(new ExportFormat(Features: true));
        var (model, manifest) = bundle.Read();
        var graph = ModelProto.Parser.ParseFrom(model);
        var classifier = graph.Graph.Node.Single(node => node.Output.Contains("logits"));
        var maker = graph.Graph.Node.Single(node => node.Output.Contains("features"));
        classifier.Input[0] = "seen";
        maker.Output[0] = "seen";
        graph.Graph.Node.Add(
            new NodeProto
            {
                OpType = "Neg",
                Input = { "seen" },
                Output = { "features" },
            }
        );
        var other = graph.ToByteArray();
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(other));
        bundle.Write(other, manifest with { Sha256 = sha256 });

        var error = Assert.Throws<InvalidDataException>(() => BundleVerification.Run(bundle).Count());

        Assert.Equal("the classifier reads other features.", error.Message);
    }

    private IEnumerable<float> Classify(float[] features)
    {
        var weights = TrainedRun.Read(_folder.Run).Weights;
        var (kernel, bias) = (weights["fc.weight"], weights["fc.bias"]);
        for (var label = 0; label < Classes; label++)
        {
            var sum = (double)bias[label];
            for (var i = 0; i < features.Length; i++)
                sum += (double)kernel[(label * features.Length) + i] * features[i];
            yield return (float)sum;
        }
    }

    private BundleFolder Export(ExportFormat format, string? name = null)
    {
        var bundle = new BundleFolder(_folder.In(name ?? $"{format}"));
        Directory.CreateDirectory(Path.GetDirectoryName(bundle.Path)!);
        new RunExport(TrainedRun.Read(_folder.Run), TimeProvider.System, _ => { })
        {
            Format = format,
            RangeImages = format.Precision == Precision.Int8 ? new ActivationRangeImages(_folder.Data.Train, _folder.Data.HeldOut) : null,
        }.Write(bundle, data: null, []);
        return bundle;
    }
}
