using System.Xml.Linq;
using Saccade.Training.Commands;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
using Saccade.Training.Tests.Data;
using SixLabors.ImageSharp;
using Xunit;

namespace Saccade.Training.Tests.Commands;

/// <summary><c>data check</c>, from the folder to its verdict.</summary>
public sealed class DataCheckTests : IDisposable
{
    private readonly LabelledFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_SoundFolder_CountsAndSucceeds()
    {
        _folder.Fill("train/cat", 12).Fill("train/dog", 11).Fill("val/cat", 3).Fill("val/dog", 2);

        Assert.Equal(0, Check());

        Assert.Contains("28 images of 2 classes, 0.0 MB", _folder.Said);
        Assert.Contains("  cat          12         3", _folder.Said);
        Assert.Contains("  all          23         5", _folder.Said);
        Assert.Contains("shorter sides: 4 to 4 pixels, half of them up to 4; 28 are below 64", _folder.Said);
        Assert.Equal("no problems: the images can be trained on", _folder.Said[^1]);
    }

    [Fact]
    public void Check_Duplicates_AreNamedAndAProblem()
    {
        var (mislabelled, leaked, twice) = (_folder.Image(), _folder.Image(), _folder.Image());
        _folder.Fill("train/cat", 3).Fill("train/dog", 3).Fill("val/cat", 1).Fill("val/dog", 1);
        _folder.Write("train/cat/x.png", mislabelled).Write("train/dog/y.png", mislabelled);
        _folder.Write("train/cat/l.png", leaked).Write("val/cat/l.png", leaked);
        _folder.Write("train/dog/t.png", twice).Write("train/dog/u.png", twice);

        Assert.Equal(1, Check());

        Assert.Contains($"  {_folder.In("train/cat/x.png")} = {_folder.In("train/dog/y.png")}", _folder.Said);
        Assert.Contains($"  {_folder.In("train/cat/l.png")} = {_folder.In("val/cat/l.png")}", _folder.Said);
        Assert.Contains("1 file more than once in one class:", _folder.Said);
        Assert.Contains("problem: 2 files in two classes or two parts", _folder.Said);
    }

    [Fact]
    public void Check_OneFileVeryOften_IsOneShortLine()
    {
        var image = _folder.Image();
        _folder.Fill("cat", 2).Fill("dog", 2);
        for (var copy = 0; copy < 30; copy++)
            _folder.Write($"cat/copy{copy:00}.png", image);

        Check();

        var line = _folder.Said.Single(line => line.Contains(" = ", StringComparison.Ordinal));
        Assert.EndsWith($"{_folder.In("cat/copy04.png")} … and 25 more", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SeveralProblems_AreAllTold()
    {
        _folder.Fill("cat", 5).Fill("owl", 1).Write("cat/bad.jpg", "text");

        Assert.Equal(1, Check());

        Assert.Contains("problem: 1 image cannot be read (--skip-unreadable goes on without them)", _folder.Said);
        Assert.Contains(_folder.Said, line => line.StartsWith("problem: Too few images in 1 of 2 classes", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_UnreadableToBeSkipped_IsNoProblem()
    {
        _folder.Fill("cat", 5).Fill("dog", 5).Write("cat/bad.jpg", "text");

        Assert.Equal(1, Check());
        Assert.Equal(0, Check(skipUnreadable: true));
    }

    [Fact]
    public void Check_Sheet_ShowsARowOfEachClass()
    {
        _folder.Fill("cat & mouse", 12).Fill("dog", 3);

        Check(_folder.In("sheet.svg"));
        Check(_folder.In("sheet.png"));

        XNamespace ns = "http://www.w3.org/2000/svg";
        var captions = XDocument.Load(_folder.In("sheet.svg")).Descendants(ns + "text").Select(text => text.Value.Trim()).ToArray();
        Assert.Equal(8, captions.Count(caption => caption == "cat & mouse"));
        Assert.Equal(3, captions.Count(caption => caption == "dog"));
        Assert.Equal(2, captions.Count(caption => caption == "2.png"));
        using var picture = Image.Load(_folder.In("sheet.png"));
        Assert.Equal(((8 * 136) + 8, (2 * 136) + 8), (picture.Width, picture.Height));
    }

    [Fact]
    public void Check_SheetOfAnotherFormat_IsRefusedFirst()
    {
        var error = Assert.Throws<InvalidDataException>(() => Check("sheet.pdf"));

        Assert.Equal("'sheet.pdf': a contact sheet is a .svg, with captions, or a .png, without.", error.Message);
    }

    [Fact]
    public void Check_NoSheet_DrawsNone()
    {
        _folder.Fill("cat", 5).Fill("dog", 5);

        Assert.Equal(0, DataCommand.Create().Parse(["check", _folder.Path, "--no-sheet", "--sheet", _folder.In("sheet.svg")]).Invoke());

        Assert.False(File.Exists(_folder.In("sheet.svg")));
    }

    [Fact]
    public void Check_SheetThatCannotBeWritten_IsAnErrorWhereItWasAskedFor()
    {
        _folder.Fill("cat", 5).Fill("dog", 5);

        Assert.Throws<DirectoryNotFoundException>(() => Check(_folder.In("none/sheet.svg")));
    }

    [Fact]
    public void Check_HowToReadWithoutWhat_IsRefused()
    {
        var error = Assert.Throws<CommandException>(() =>
            DataCommand.Create().Parse(["check", "--recursive"]).Invoke(new() { EnableDefaultExceptionHandler = false })
        );

        Assert.StartsWith("--recursive and --skip-unreadable go with", error.Message, StringComparison.Ordinal);
    }

    private int Check(string? sheet = null, bool skipUnreadable = false)
    {
        _folder.Said.Clear();
        return DataCommand.Check(new DataLocation(_folder.Path, SkipUnreadable: skipUnreadable), sheet, _folder.Said.Add);
    }
}
