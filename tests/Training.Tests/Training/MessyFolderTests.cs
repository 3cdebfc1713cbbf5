using Saccade.TestSupport;
using Saccade.Training.Tests.Data;
using Xunit;

namespace Saccade.Training.Tests.Training;

/// <summary>A newcomer's way from a folder of photos, with all that lies about in one, to a bundle and a report.</summary>
public sealed class MessyFolderTests : IDisposable
{
    private readonly LabelledFolder _photos = new();
    private readonly TempFolder _out = new();

    public void Dispose()
    {
        _photos.Dispose();
        _out.Dispose();
    }

    [Fact]
    public async Task CheckTrainEvaluateExport_MessyFolder_EndInAModelThatKnowsItsClasses()
    {
        Fill();

        var check = await ToolProcess.RunAsync($"data check {_photos.Path}", _out.Path);
        Assert.Equal(1, check.Code);
        Assert.Contains("problem: 3 images cannot be read", check.Output, StringComparison.Ordinal);
        Assert.Contains("  night         8         3", check.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_out["contact-sheet.svg"]));

        var train =
            "train --arch googlenet-bn --width 0.125 --input 28 --batch 8 --epochs 6 --lr 0.05 --averaging none --threads 1 "
            + $"--data {_photos.Path}";
        var refused = await ToolProcess.RunAsync($"{train} --out {_out["refused"]}");
        Assert.Equal(1, refused.Code);
        foreach (var file in new[] { "anim.gif", "cut.jpg", "phone.jpg" })
            Assert.Contains(file, refused.Errors, StringComparison.Ordinal);
        Assert.Contains("error: 3 of 25 images cannot be read", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_out["refused"]));

        var trained = await ToolProcess.RunAsync($"{train} --skip-unreadable --out {_out["run"]}");
        Assert.True(trained.Code == 0, trained.Errors);
        Assert.Contains("held out to measure on: val (as the folders Train and valid say)", trained.Errors, StringComparison.Ordinal);
        Assert.Contains("16 training and 6 held-out images", trained.Output, StringComparison.Ordinal);

        // Without --crops and for a folder that has nothing but test images of one class.
        _photos.Fill("others/night", 4);
        var evaluated = await ToolProcess.RunAsync($"evaluate --model {_out["run"]} --data {_photos.In("others")} --split all");
        Assert.True(evaluated.Code == 0, evaluated.Errors);
        Assert.Contains("crops 1: top-1 ", evaluated.Output, StringComparison.Ordinal);
        Assert.Contains("No images of 1 of the model's 2 classes: day.", evaluated.Output, StringComparison.Ordinal);

        var exported = await ToolProcess.RunAsync($"export --run {_out["run"]} --out {_out["photos", "1"]} --licence CC0-1.0");
        Assert.True(exported.Code == 0, exported.Errors);
        Assert.Contains("top-1 100.00", exported.Output, StringComparison.Ordinal);
        Assert.Contains("CC0-1.0", await File.ReadAllTextAsync(_out["photos", "1", "README.md"]), StringComparison.Ordinal);

        var report = await ToolProcess.RunAsync(
            $"evaluate --model {_out["photos"]} --data {_photos.Path} --skip-unreadable --report {_out["report"]}"
        );
        Assert.True(report.Code == 0, report.Errors);
        Assert.Contains("| 1 | 100.00 % |", await File.ReadAllTextAsync(_out["report", "report.md"]), StringComparison.Ordinal);
    }

    /// <summary>Bright and dark images, eight and three of each, among what a camera, a notebook and two systems leave.</summary>
    private void Fill()
    {
        foreach (var (part, images) in new[] { ("Train", 8), ("valid", 3) })
        {
            for (var index = 0; index < images; index++)
            {
                _photos.Write($"{part}/day/{index}.jpg", Shade(part, index, 180));
                _photos.Write($"{part}/night/{index}.png", Shade(part, index, 10));
            }
        }

        _photos.Write("Train/day/cut.jpg", TestImages.Jpeg(64, 48)[..^300]);
        _photos.Write("Train/night/phone.jpg", [0, 0, 0, 24, .. "ftypheic0000mif1heic"u8]);
        _photos.Write("Train/night/anim.gif", "GIF89a");
        _photos.Fill("Train/.ipynb_checkpoints", 1).Fill("__MACOSX/Train/day", 2).Fill(".git", 1);
        _photos.Write("Train/day/Thumbs.db", "OLE").Write("Train/day/._0.jpg", "AppleDouble").Write("README.txt", "my photos");
        _photos.Link("Train/day/loop", "..").Link("valid/night/away", "/");
    }

    private static byte[] Shade(string part, int index, int brightness)
    {
        var random = SplitMix64.At(part.Length, index, brightness);
        var pixels = new byte[3 * 32 * 32];
        foreach (ref var value in pixels.AsSpan())
            value = (byte)(brightness + random.Next(60));
        return brightness > 100 ? TestImages.Jpeg(pixels, 32, 32, 90) : TestImages.Png(pixels, 32, 32);
    }
}
