using System.Runtime.InteropServices;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.TestSupport;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Bundles;

/// <summary>What leaves the training tool is what the engine serves: every preset, in every form.</summary>
public sealed class ServedFormatsTests : IDisposable
{
    private const int Side = 16;

    private static readonly ExportFormat[] Formats =
    [
        new(),
        new(Precision.Fp16, Features: true),
        new(Precision.Fp32, InputType.UInt8),
        new(Precision.Int8),
        new(Precision.Int8, InputType.UInt8, Features: true),
    ];

    private readonly TempFolder _models = new();
    private readonly TempFolder _run = new();

    public static TheoryData<string> Presets => [.. Architectures.Names];

    public void Dispose()
    {
        _models.Dispose();
        _run.Dispose();
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task Classify_AnyPresetInAnyForm_AnswersAsOnnxRuntimeItself(string architecture)
    {
        var run = Run(architecture);
        foreach (var (index, format) in Formats.Index())
            Export(run, Bundle(index), format);
        var jpeg = TestImages.Jpeg(31, 24);

        await using var engine = await EngineHost.StartLoadedAsync(
            new() { ["Models:Path"] = _models.Path, ["Execution:Provider"] = "Cpu" }
        );

        var floats = await AnswerAsync(engine, 0, jpeg);
        foreach (var (index, format) in Formats.Index())
        {
            var answer = await AnswerAsync(engine, index, jpeg);
            Assert.Equal(format.Precision, engine.Catalog.List()[index].Manifest!.Precision);
            Assert.Equal(1, answer.Sum(), 1e-5);
            Assert.All(Expected(Bundle(index), jpeg).Zip(answer), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
            Assert.All(floats.Zip(answer), pair => Assert.Equal(pair.First, pair.Second, format.Precision == Precision.Int8 ? 0.2 : 0.01));
        }
    }

    private static TrainedRun Run(string architecture, TempFolder folder)
    {
        var tiny = TinyRun.Record(TinyRun.Recipe);
        var record = tiny with
        {
            Network = tiny.Network with { Architecture = architecture, Width = 0.05, InputSize = Side, Aux = false },
            Preprocessing = tiny.Preprocessing with { ResizeShorterSide = Side, MultiCropShorterSide = Side + 2 },
        };
        manual_seed(7);
        using NetworkModule module = new(RunNetworks.Build(record.Network));
        SeeNoise(module);
        RunDirectory directory = new(folder["run"]);
        directory.WriteRecord(record);
        var weights = ModuleWeights.Read(module);
        AtomicFile.Write(
            directory.WeightsFile,
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        .. module
                            .Network.Weights.Where(weight => weights.ContainsKey(weight.Name))
                            .Select(weight => new SafetensorsTensor(
                                weight.Name,
                                SafetensorsType.F32,
                                weight.Shape,
                                MemoryMarshal.AsBytes<float>(weights[weight.Name]).ToArray()
                            )),
                    ]
                )
        );
        return TrainedRun.Read(directory);
    }

    /// <summary>Fills the running statistics, without which a random network's values vanish on the way.</summary>
    private static void SeeNoise(NetworkModule module)
    {
        const int Batches = 40,
            Images = 6;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        module.train();
        float[] noise =
        [
            .. Pixels.Noise(module.Network.Input.Output, Batches * Images).SelectMany(image => image.Select(pixel => (pixel / 64) - 2)),
        ];
        foreach (var batch in noise.Chunk(noise.Length / Batches))
            module.call(tensor(batch, [Images, 3, Side, Side]));
    }

    private TrainedRun Run(string architecture) => Run(architecture, _run);

    private BundleFolder Bundle(int index) => new(_models["net", $"{index + 1}"]);

    private static void Export(TrainedRun run, BundleFolder bundle, ExportFormat format) =>
        new RunExport(run, TimeProvider.System, _ => { })
        {
            Format = format,
            RangeImages =
                format.Precision == Precision.Int8 ? new ActivationRangeImages(TinyRun.TenBatches.Train, TinyRun.TenBatches.HeldOut) : null,
        }.Write(bundle, data: null, []);

    private static async Task<double[]> AnswerAsync(EngineHost engine, int index, byte[] jpeg)
    {
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(jpeg, model: "net", version: $"{index + 1}"));
        return [.. answer.Predictions.OrderBy(prediction => prediction.Index).Select(prediction => (double)prediction.Probability)];
    }

    /// <summary>The bundle's graph by itself, on the crop that its manifest describes.</summary>
    private double[] Expected(BundleFolder bundle, byte[] jpeg)
    {
        var (model, manifest) = bundle.Read();
        using OnnxRunner runner = new(model);
        var preprocessing = runner.TakesPixels ? Pixels.Unnormalised(manifest.Preprocessing) : manifest.Preprocessing;
        EvaluationCrops crops = new(CropMode.Single, preprocessing, Side);
        File.WriteAllBytes(_run["image.jpg"], jpeg);
        using var image = new ImageFiles([(_run["image.jpg"], 0)]).Load(0);
        var input = new float[crops.FloatsPerImage];
        crops.Write(0, image, input);
        var logits = runner.Run(input);
        var exponentials = Array.ConvertAll(logits, logit => Math.Exp(logit - logits.Max()));
        return Array.ConvertAll(exponentials, value => value / exponentials.Sum());
    }
}
