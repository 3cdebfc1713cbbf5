using System.Security.Cryptography;
using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Schema;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

/// <summary>What <c>verify</c> sees of a bundle that does not tell the truth, its sums made to fit.</summary>
public sealed class BundleProbeTests : IClassFixture<BundleProbeTests.Exported>
{
    private readonly Exported _exported;

    public BundleProbeTests(Exported exported) => _exported = exported;

    public static TheoryData<string> Forms => [.. Exported.Formats.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_AsExported_IsSound(string form) =>
        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(_exported.Bundle(form)).Count());

    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_PreprocessingOfTheManifestAlone_NamesTheField(string form)
    {
        Assert.Equal(
            "the manifest's mean is 0.4 0.4 0.3, model.onnx was exported with 0.5 0.4 0.3.",
            Changed(steps => steps with { Mean = [0.4f, 0.4f, 0.3f] })
        );
        Assert.StartsWith("the manifest's std is ", Changed(steps => steps with { Std = [0.25f, 0.25f, 0.25f] }), StringComparison.Ordinal);
        Assert.StartsWith("the manifest's scale is ", Changed(steps => steps with { Scale = 2 }), StringComparison.Ordinal);
        Assert.StartsWith(
            "the manifest's channelOrder is Bgr",
            Changed(steps => steps with { ChannelOrder = ChannelOrder.Bgr }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "the manifest's interpolation is ",
            Changed(steps => steps with { Interpolation = Interpolation.Bicubic }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "the manifest's resizeShorterSide is ",
            Changed(steps => steps with { ResizeShorterSide = 27 }),
            StringComparison.Ordinal
        );

        string Changed(Func<ManifestPreprocessing, ManifestPreprocessing> change) =>
            Failure(form, manifest => manifest with { Preprocessing = change(manifest.Preprocessing) });
    }

    /// <summary>The graph says nothing of itself here, as another tool's would not: the crops tell.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_OtherCrops_AreSeenToTheBit(string form)
    {
        Assert.All(
            new Func<ManifestPreprocessing, ManifestPreprocessing>[]
            {
                steps => steps with { ChannelOrder = ChannelOrder.Bgr },
                steps => steps with { Interpolation = Interpolation.Bicubic },
                steps => steps with { ResizeShorterSide = 25 },
            },
            change =>
                Assert.StartsWith(
                    "the crops of the probe's images are not those of the export",
                    Failure(form, manifest => manifest with { Preprocessing = change(manifest.Preprocessing) }, Silenced),
                    StringComparison.Ordinal
                )
        );
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("fp16")]
    [InlineData("int8")]
    public void Run_OtherMeanOfAGraphThatTakesFloats_IsSeenByItsAnswers(string form) =>
        Assert.StartsWith(
            "the graph's answers to the probe's images differ by",
            Failure(
                form,
                manifest => manifest with { Preprocessing = manifest.Preprocessing with { Mean = [0.4f, 0.4f, 0.3f] } },
                Silenced,
                fitTheProbe: true
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Run_OtherMeanOfAGraphThatTakesPixels_IsNotTheOneInside() =>
        Assert.Equal(
            "the mean and std inside the graph are not the manifest's.",
            Failure(
                "fp32-uint8",
                manifest => manifest with { Preprocessing = manifest.Preprocessing with { Mean = [0.4f, 0.4f, 0.3f] } },
                Silenced
            )
        );

    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_ConvolutionSetToZero_IsSeenByTheSum(string form) =>
        Assert.Contains("probe.json was made with", Failure(form, manifest => manifest, Zeroed), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_ConvolutionSetToZeroAndTheProbesSumMadeToFit_IsSeenByItsAnswers(string form) =>
        Assert.StartsWith(
            "the graph's answers to the probe's images differ by",
            Failure(form, manifest => manifest, Zeroed, fitTheProbe: true),
            StringComparison.Ordinal
        );

    [Fact]
    public void Run_NoProbe_SaysWhatIsUnchecked()
    {
        var (model, manifest) = _exported.Bundle("fp32").Read();
        using var folder = new TempFolder();
        var bundle = new BundleFolder(folder["bundle"]);
        bundle.Write(model, manifest);

        Assert.Contains(
            "probe: none; a changed weight, resize, interpolation, channel order, mean or std would not be seen",
            BundleVerification.Run(bundle)
        );

        bundle.WriteProbe(BundleProbe.Of(model, manifest));
        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
    }

    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "models");

    public static TheoryData<string> Shipped => [.. Directory.GetFiles(Models, "probe.json", SearchOption.AllDirectories)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Run_ShippedBundle_AnswersAsItDid(string probe) =>
        Assert.Contains(
            BundleVerification.Run(new BundleFolder(Path.GetDirectoryName(probe)!)),
            line => line.StartsWith("probe: the graph's answers differ by at most", StringComparison.Ordinal)
        );

    [Fact]
    public void Load_AnyMachine_MakesTheSameImages()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var index = 0; index < 4; index++)
        {
            using var image = new ProbeImages(28, 4).Load(index);
            hash.AppendData(image.Pixels);
        }

        Assert.Equal("56c0e46e4e42e053237bb0f4da44718b6f93ab67e861b51659af8418f9296914", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"format":2,"images":4,"imagesSha256":"","cropsSha256":"","modelSha256":"","logits":""}""")]
    [InlineData("""{"format":1,"images":1000000,"imagesSha256":"","cropsSha256":"","modelSha256":"","logits":""}""")]
    public void Read_NoProbe_IsRefusedByName(string json) =>
        Assert.Contains(
            "probe.json",
            Assert.Throws<InvalidDataException>(() => BundleProbe.Read(System.Text.Encoding.UTF8.GetBytes(json))).Message,
            StringComparison.Ordinal
        );

    private string Failure(
        string form,
        Func<ModelManifest, ModelManifest> change,
        Action<ModelProto>? edit = null,
        bool fitTheProbe = false
    )
    {
        var original = _exported.Bundle(form);
        var (bytes, manifest) = original.Read();
        if (edit is not null)
        {
            var model = ModelProto.Parser.ParseFrom(bytes);
            edit(model);
            bytes = model.ToByteArray();
        }

        var sum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var probe = original.ReadProbe()!;
        using var folder = new TempFolder();
        var bundle = new BundleFolder(folder["bundle"]);
        bundle.Write(bytes, change(manifest) with { Sha256 = sum }, fitTheProbe ? probe with { ModelSha256 = sum } : probe);
        return Assert.Throws<InvalidDataException>(() => BundleVerification.Run(bundle).ToArray()).Message;
    }

    private static void Silenced(ModelProto model) => model.MetadataProps.Clear();

    /// <summary>A small convolution in the middle, whatever its weights are stored as.</summary>
    private static void Zeroed(ModelProto model)
    {
        var kernel = model.Graph.Initializer.First(tensor =>
            tensor.Name is "inception4c.branch1.conv.weight" or "inception4c.branch1.conv.weight.q"
        );
        kernel.RawData = ByteString.CopyFrom(new byte[kernel.RawData.Length]);
    }

    /// <summary>One run, exported in every form.</summary>
    public sealed class Exported : IDisposable
    {
        internal static readonly Dictionary<string, ExportFormat> Formats = new(StringComparer.Ordinal)
        {
            ["fp32"] = new(),
            ["fp32-uint8"] = new(Input: InputType.UInt8),
            ["fp16"] = new(Precision.Fp16),
            ["int8"] = new(Precision.Int8),
            ["int8-uint8"] = new(Precision.Int8, InputType.UInt8),
        };

        private readonly TrainedRunFolder _folder = new();

        public Exported()
        {
            foreach (var (name, format) in Formats)
            {
                new RunExport(TrainedRun.Read(_folder.Run), TimeProvider.System, _ => { })
                {
                    Format = format,
                    RangeImages = format.Precision == Precision.Int8 ? new(_folder.Data.Train, _folder.Data.HeldOut) : null,
                }.Write(Bundle(name), _folder.Data, []);
            }
        }

        internal BundleFolder Bundle(string form) => new(_folder.In(form));

        public void Dispose() => _folder.Dispose();
    }
}
