using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

/// <summary>The bundle's README.md.</summary>
public sealed class ModelCardTests : IDisposable
{
    private readonly TrainedRunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_MeasuredRun_SaysDataRecipeAccuracyLimitsAndLicence()
    {
        var bundle = new BundleFolder(_folder.In("bundle"));
        new RunExport(TrainedRun.Read(_folder.Run), TimeProvider.System, _ => { }) { Licence = "CC-BY-4.0" }.Write(
            bundle,
            _folder.Data,
            [CropMode.Single]
        );

        var card = Card(bundle);
        var top1 = bundle.Read().Manifest.Accuracy!.Top1ByCrops["1"];

        Assert.StartsWith("# googlenet-bn, 4 classes\n", card, StringComparison.Ordinal);
        Assert.Contains("| split | none |", card, StringComparison.Ordinal);
        Assert.Contains("| seed | 5 |", card, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"| 1 | {top1 * 100:F2} % |"), card, StringComparison.Ordinal);
        Assert.Contains("Measured on 40 images: gone, held-out part: drawn by a formula.", card, StringComparison.Ordinal);
        Assert.Contains("not calibrated", card, StringComparison.Ordinal);
        Assert.Contains("## Licence\n\nCC-BY-4.0\n", card, StringComparison.Ordinal);
        Assert.EndsWith("## Classes\n\nzero, one, two, three\n", card, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.In(""), card, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NothingKnown_SaysSo()
    {
        var bundle = new BundleFolder(_folder.In("bundle"));
        RunExportTests.Export(_folder, bundle, data: null);

        Assert.Contains("## Accuracy\n\nNot measured.", Card(bundle), StringComparison.Ordinal);
        Assert.Contains("## Licence\n\nNot stated.", Card(bundle), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LabelsWithMarkup_AreShownAsTheyAre()
    {
        var bundle = new BundleFolder(_folder.In("bundle"));
        RunExportTests.Export(_folder, bundle, data: null);
        var manifest = bundle.Read().Manifest with { Labels = ["<b>", "a|b", "x_y*", "#1"] };

        Assert.EndsWith("\\<b\\>, a\\|b, x\\_y\\*, \\#1\n", ModelCard.Of(manifest), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_CardRewrittenByHand_IsStillSound()
    {
        var bundle = new BundleFolder(_folder.In("bundle"));
        RunExportTests.Export(_folder, bundle, data: null);
        File.AppendAllText(Path.Combine(bundle.Path, "README.md"), "\nNot for medical use.\n");

        Assert.Equal(BundleVerificationTests.Checks, BundleVerification.Run(bundle).Count());
    }

    private static string Card(BundleFolder bundle) => File.ReadAllText(Path.Combine(bundle.Path, "README.md"));
}
