using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Schema;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

/// <summary>One trained network in every form in which it can leave.</summary>
public sealed class ExportFormatTests : IDisposable
{
    private readonly TrainedRunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<Precision, InputType> Formats =>
        new()
        {
            { Precision.Fp32, InputType.UInt8 },
            { Precision.Fp16, InputType.Float32 },
            { Precision.Fp16, InputType.UInt8 },
        };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_AnyForm_IsSoundAndAnswersAsTheFloats(Precision precision, InputType input)
    {
        var plain = Export(new ExportFormat());
        var other = Export(new ExportFormat(precision, input));

        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(other).Count());
        var (model, manifest) = other.Read();
        Assert.Equal(precision, manifest.Precision);
        Assert.Equal(input, manifest.Input.Type);
        Assert.Equal(input == InputType.UInt8 ? InputLayout.Nhwc : InputLayout.Nchw, manifest.Input.Layout);
        using var expected = new OnnxRunner(plain.Read().Model);
        using var actual = new OnnxRunner(model);
        Assert.Equal(input == InputType.UInt8, actual.TakesPixels);
        var images = Pixels.Noise(actual.Input, 3).SelectMany(image => image).ToArray();
        var floats = expected.Run(Pixels.Normalise(images, 24 * 24, manifest.Preprocessing));
        var answer = actual.Run(actual.TakesPixels ? images : Pixels.Normalise(images, 24 * 24, manifest.Preprocessing));
        Assert.InRange(ParityCheck.LargestDifference(floats, answer), 0, precision == Precision.Fp32 ? 1e-5 : 0.05);
        Assert.Equal(plain.Read().Manifest.Accuracy!.Top1ByCrops["1"], manifest.Accuracy!.Top1ByCrops["1"]);
    }

    [Fact]
    public void Write_Pixels_KeepsEveryWeightToTheBit()
    {
        var plain = Weights(Export(new ExportFormat()));
        var pixels = Weights(Export(new ExportFormat(Input: InputType.UInt8)));

        Assert.Equal(plain.Keys.Concat(["input.factor", "input.offset"]).Order(), pixels.Keys.Order());
        Assert.All(plain, weight => Assert.Equal(weight.Value, pixels[weight.Key]));
    }

    [Fact]
    public void Write_SixteenBits_HalvesTheWeightsAndRecordsTheAgreement()
    {
        var plain = Weights(Export(new ExportFormat()));
        var half = Export(new ExportFormat(Precision.Fp16));

        Assert.Equal(plain.Values.Sum(weight => weight.Length), 2 * Weights(half).Values.Sum(weight => weight.Length));
        var parity = half.Read().Manifest.Parity!;
        Assert.Equal(500, parity.Top1Images);
        Assert.InRange(parity.Top1Agreement!.Value, 0.98, 1);
        Assert.InRange(parity.MaxAbsLogitDifference, 1e-6, 0.05);
    }

    [Fact]
    public void Write_WeightBeyondSixteenBits_NamesItsTensor()
    {
        var weights = Networks.FormulaWeights.For(Saccade.Training.Checkpoints.RunNetworks.Build(_folder.Run.ReadRecord().Network));
        weights["fc.bias"][1] = 70_000;
        _folder.WriteWeights(weights);

        var error = Assert.Throws<InvalidDataException>(() => Export(new ExportFormat(Precision.Fp16)));

        Assert.Equal("fc.bias holds 70000, which 16-bit floats cannot; export as fp32", error.Message);
    }

    [PythonFact("onnx")]
    public async Task Write_AnyForm_PassesTheOnnxChecker()
    {
        foreach (var row in Formats)
        {
            var bundle = Export(new ExportFormat((Precision)row[0], (InputType)row[1]));

            var verdict = await PythonFactAttribute.RunAsync(
                "import sys, onnx; m = onnx.load(sys.argv[1]); onnx.checker.check_model(m, full_check=True); print(m.ir_version, "
                    + "m.opset_import[0].version)",
                Path.Combine(bundle.Path, "model.onnx")
            );

            Assert.Equal("7 13", verdict.Trim());
        }
    }

    private BundleFolder Export(ExportFormat format)
    {
        var bundle = new BundleFolder(_folder.In($"{format.Precision}-{format.Input}"));
        new RunExport(TrainedRun.Read(_folder.Run), TimeProvider.System, _ => { }) { Format = format }.Write(
            bundle,
            _folder.Data,
            [CropMode.Single]
        );
        return bundle;
    }

    private static Dictionary<string, byte[]> Weights(BundleFolder bundle) =>
        ModelProto
            .Parser.ParseFrom(bundle.Read().Model)
            .Graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => tensor.RawData.ToByteArray());
}
