using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Loop;
using Saccade.Training.Networks;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Training;

public sealed class PresetTrainingTests
{
    public static TheoryData<string> Presets => [.. Architectures.Names];

    /// <summary>Fifty steps of the real trainer on three classes, then the way to a bundle, at the smallest width and input.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void FiftySteps_AnyPreset_LearnsAndBecomesASoundBundle(string architecture)
    {
        using TempFolder folder = new();
        RunDirectory directory = new(folder["run"]);
        var recipe = TinyRun.Recipe with
        {
            Epochs = 5,
            BatchSize = 12,
            Averaging = new() { Kind = AveragingKind.None },
        };
        var tiny = TinyRun.Record(recipe);
        var record = tiny with
        {
            Network = tiny.Network with { Architecture = architecture, Width = 0.05, InputSize = 16 },
            Preprocessing = tiny.Preprocessing with { ResizeShorterSide = 16, MultiCropShorterSide = 18 },
        };
        directory.WriteRecord(record);

        using (Trainer trainer = new(record, TinyRun.TenBatches, directory, TimeProvider.System))
        {
            Assert.True(trainer.Run());
            Assert.InRange(trainer.Epochs[^1].Loss, 0, 0.9 * trainer.Epochs[0].Loss);
        }

        BundleFolder bundle = new(folder["bundle"]);
        new RunExport(TrainedRun.Read(directory), TimeProvider.System, _ => { }).Write(bundle, TinyRun.TenBatches, [CropMode.Single]);
        Assert.InRange(BundleVerification.Run(bundle).Count(), 5, int.MaxValue);
    }
}
