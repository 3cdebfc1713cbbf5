using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Import;
using Saccade.Training.Onnx;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Modules;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>
/// What another implementation answers with its own weights, the imported bundle answers too: for prepared images, one and five at a
/// time, and for a JPEG through the whole preparation.
/// </summary>
public sealed class TorchParityTests
{
    private const int Classes = 12;
    private const int Batch = 5;

    [PythonFact("torchvision")]
    public Task Import_TorchvisionGoogLeNet_AnswersAsTorchvision() => AssertSameAnswers("googlenet", "googlenet-bn");

    [PythonFact("torchvision")]
    public Task Import_TorchvisionInceptionV3_AnswersAsTorchvision() => AssertSameAnswers("inception_v3", "inception-v3");

    [PythonFact("torchvision")]
    public Task Import_XceptionAsTimmHasIt_AnswersAsTorch() => AssertSameAnswers("xception", "xception");

    private static async Task AssertSameAnswers(string network, string architecture)
    {
        using TempFolder folder = new();
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Weights", "reference.py"));
        await PythonFactAttribute.RunAsync(script, network, "11", $"{Classes}", folder["."]);
        var bundle = new BundleFolder(folder["bundle"]);

        new WeightsImport(new ImportRequest(architecture, folder["weights.pth"]), TimeProvider.System, _ => { }).Write(bundle);

        var (model, manifest) = bundle.Read();
        using var runner = new OnnxRunner(model);
        var (images, expected) = (Floats(folder["images.bin"]), Floats(folder["logits.bin"]));
        Assert.True(expected.Max() - expected.Min() > 1, "logits must differ for the comparison to mean anything");
        Assert.Equal(Classes, manifest.Labels.Count);
        Assert.InRange(NetworkModuleTests.LargestDifference(expected, runner.Run(images)), 0, 1e-4);
        foreach (var (one, logits) in images.Chunk(images.Length / Batch).Zip(expected.Chunk(Classes)))
            Assert.InRange(NetworkModuleTests.LargestDifference(logits, runner.Run(one)), 0, 1e-4);

        var photo = Prepare(folder["photo.jpg"], manifest);
        Assert.InRange(NetworkModuleTests.LargestDifference(Floats(folder["photo-logits.bin"]), runner.Run(photo)), 0, 2e-2);
        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
    }

    private static float[] Prepare(string jpeg, ModelManifest manifest)
    {
        var crops = new EvaluationCrops(CropMode.Single, manifest.Preprocessing, manifest.Input.Height);
        using var image = new ImageFiles([(jpeg, 0)]).Load(0);
        var tensor = new float[crops.FloatsPerImage];
        crops.Write(0, image, tensor);
        return tensor;
    }

    private static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}
