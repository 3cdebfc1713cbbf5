using System.CommandLine;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands;
using Saccade.Training.Commands.Options;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Data;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class ExportCommandTests
{
    private static readonly string[] Labels = ["zero", "one", "two", "three"];

    [Theory]
    [InlineData("--precision fp8", "--precision fp8 is not supported; use fp32 or fp16 or int8.")]
    [InlineData("--precision int8", "--precision int8 needs images to measure activation ranges on: --calibrate PATH.")]
    [InlineData("--calibrate here", "--calibrate is for --precision int8 only.")]
    [InlineData("--input-type int8", "--input-type int8 is not supported; use float or uint8.")]
    [InlineData("--crops 1 0", "--crops must be 1 to 1000.")]
    [InlineData("--skip-unreadable", "--recursive and --skip-unreadable go with a folder of images or a table (--csv).")]
    [InlineData("--recursive", "--recursive and --skip-unreadable go with a folder of images or a table (--csv).")]
    public async Task Export_Unsupported_RefusedBeforeAnythingIsRead(string arguments, string message)
    {
        var error = await Assert.ThrowsAsync<CommandException>(() =>
            InvokeAsync(["--run", "none", "--out", "none", .. arguments.Split(' ')])
        );

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("", "1, 10, 12, 144, auto")]
    [InlineData("--crop-shift 2", "1, 2, 6, 10, 12, 144, auto")]
    public async Task Export_CropsThatTheModelWillNotHave_Refused(string plans, string has)
    {
        using var folder = new TrainedRunFolder();

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            InvokeAsync([
                "--run",
                folder.Run.Path,
                "--out",
                folder.In("bundle"),
                "--crops",
                "1",
                "7",
                .. plans.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ])
        );

        Assert.Equal($"The model has no plan of 7 crops; it has {has}.", error.Message);
        Assert.False(Directory.Exists(folder.In("bundle")));
    }

    [Fact]
    public async Task Export_DataGone_ExportsWithoutAccuracy()
    {
        using var folder = new TrainedRunFolder();

        Assert.Equal(0, await InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle")]));
        Assert.Equal(0, await VerifyCommand.Create().Parse(["--bundle", folder.In("bundle")]).InvokeAsync(Throwing));
    }

    [Fact]
    public async Task Export_DataNamedButGone_Refused()
    {
        using var folder = new TrainedRunFolder();

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--data", folder.In("gone")])
        );

        Assert.False(Directory.Exists(folder.In("bundle")));
    }

    [Fact]
    public async Task Export_TableNamedButGone_Refused()
    {
        using var folder = new TrainedRunFolder();

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--csv", folder.In("gone/labels.csv")])
        );

        Assert.Equal($"There is no table '{folder.In("gone/labels.csv")}'.", error.Message);
    }

    [Fact]
    public async Task Export_OtherData_SaysWhatItWasTrainedAndWhatMeasuredOn()
    {
        using var folder = new TrainedRunFolder();
        using var photos = Photos();
        photos.Write(
            "photos.csv",
            string.Concat(["path,label\n", .. Labels.Select(label => $"{label}/0.png,{label}\n{label}/1.png,{label}\n")])
        );

        Assert.Equal(0, await InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--csv", photos.In("photos.csv")]));

        var manifest = new BundleFolder(folder.In("bundle")).Read().Manifest;
        Assert.Equal("gone", manifest.Provenance!["dataSet"]);
        Assert.Equal(
            "photos.csv, held-out part: a stratified tenth of each class held out by a fixed seeded permutation; trained on gone",
            manifest.Accuracy!.DataSet
        );
    }

    [Fact]
    public async Task Export_DataWithAFileThatCannotBeRead_SaysHowToGoOn()
    {
        using var folder = new TrainedRunFolder();
        using LabelledFolder photos = new();
        foreach (var label in Labels)
            photos.Fill($"val/{label}", 1);
        photos.Write("val/one/bad.png", "no image");
        string[] arguments = ["--run", folder.Run.Path, "--out", folder.In("bundle"), "--data", photos.Path];

        var error = await Assert.ThrowsAsync<CommandException>(() => InvokeAsync(arguments));
        Assert.Equal(0, await InvokeAsync([.. arguments, "--skip-unreadable"]));

        Assert.StartsWith($"'{photos.In("val/one/bad.png")}' cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("--skip-unreadable goes on without such files", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, new BundleFolder(folder.In("bundle")).Read().Manifest.Accuracy!.Images);
    }

    [Fact]
    public async Task Export_Best_SaysThatItsFigureIsTooGood()
    {
        using var folder = new TrainedRunFolder();
        using var photos = Photos();
        File.Copy(folder.Run.WeightsFile, folder.Run.BestFile);
        Keep(folder, photos);

        Assert.Equal(0, await InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--best"]));

        var manifest = new BundleFolder(folder.In("bundle")).Read().Manifest;
        Assert.Equal("of the epoch that did best on the held-out part", manifest.Provenance!["weights"]);
        Assert.EndsWith(
            "; these images chose the epoch that the weights are of, so the figure is too good",
            manifest.Accuracy!.DataSet,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Export_OwnData_LeavesOutWhatTheRunCouldNotRead()
    {
        using var folder = new TrainedRunFolder();
        using var photos = Photos();
        photos.Write("one/bad.png", "no image");
        Keep(folder, photos);

        Assert.Equal(0, await InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle")]));

        Assert.Equal(4, new BundleFolder(folder.In("bundle")).Read().Manifest.Accuracy!.Images);
    }

    /// <summary>Where images came since, some held out now were learnt from.</summary>
    [Fact]
    public async Task Export_OwnDataChanged_ExportsWithoutAccuracy()
    {
        using var folder = new TrainedRunFolder();
        using var photos = Photos();
        Keep(folder, photos);
        photos.Write("one/new.png", photos.Image());

        Assert.Equal(0, await InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle")]));

        Assert.Null(new BundleFolder(folder.In("bundle")).Read().Manifest.Accuracy);
    }

    [Fact]
    public async Task Export_DataWithOtherClasses_RefusedBeforeAnythingIsComputed()
    {
        using var folder = new TrainedRunFolder();
        using LabelledFolder photos = new();
        photos.Fill("zero", 2).Fill("one", 2).Fill("two", 2);

        var few = await Assert.ThrowsAsync<InvalidDataException>(() =>
            InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--data", photos.Path])
        );
        photos.Fill("three", 2).Fill("four", 2);
        var unknown = await Assert.ThrowsAsync<InvalidDataException>(() =>
            InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--data", photos.Path])
        );

        Assert.Equal("The data has no images of 'three'; evaluate measures on some of a network's classes.", few.Message);
        Assert.StartsWith("1 of the data's 5 classes are none of the model's: 'four'.", unknown.Message, StringComparison.Ordinal);
    }

    private static LabelledFolder Photos()
    {
        LabelledFolder photos = new();
        foreach (var label in Labels)
            photos.Fill(label, 12);
        return photos;
    }

    /// <summary>Makes them the run's own.</summary>
    private static void Keep(TrainedRunFolder folder, LabelledFolder photos)
    {
        var record = folder.Run.ReadRecord();
        var (data, _) = RunData.Begin(photos.At(skipUnreadable: true), limit: null, perClass: null, shrink: null, record.Seed, _ => { });
        // Folders have their classes in ordinal order, the run has them otherwise.
        folder.Run.WriteRecord(record with { Data = data, Labels = [.. record.Labels.Order(StringComparer.Ordinal)] });
    }

    private static InvocationConfiguration Throwing => new() { EnableDefaultExceptionHandler = false, Output = TextWriter.Null };

    private static Task<int> InvokeAsync(string[] arguments) => ExportCommand.Create().Parse(arguments).InvokeAsync(Throwing);
}
