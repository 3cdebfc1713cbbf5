using Saccade.TestSupport;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

/// <summary>Folders of images as people have them.</summary>
public sealed class FolderListingTests : IDisposable
{
    private readonly LabelledFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_TrainAndVal_KeepsThePartsAndSortsTheClasses()
    {
        _folder.Fill("train/b", 3).Fill("train/a", 2).Fill("val/a", 1).Fill("val/b", 2).Write("val/b/notes.txt", "no image");
        _folder.Write("train/a/smooth.png", TestImages.Png(5, 4));

        var data = _folder.Open();

        Assert.Equal(["a", "b"], data.Labels);
        Assert.Equal([3, 3], LabelledFolder.Counts(data, data.Train));
        Assert.Equal([1, 2], LabelledFolder.Counts(data, data.HeldOut));
        Assert.Equal("as the folders train and val say", data.Split);
        var smooth = Enumerable.Range(0, data.Train.Count).Single(index => data.Train.FileOf(index) == _folder.In("train/a/smooth.png"));
        using var image = data.Train.Load(smooth);
        Assert.Equal((5, 4), (image.Width, image.Height));
        Assert.Equal(TestImages.Smooth(5, 4), image.Pixels.ToArray());
        Assert.Contains("passed over files that are no images by their names: .txt", _folder.Said);
    }

    [Theory]
    [InlineData("train", "val")]
    [InlineData("Train", "Val")]
    [InlineData("training", "validation")]
    [InlineData("TRAINING", "valid")]
    [InlineData("train", "test")]
    [InlineData("train", "Testing")]
    public void Open_UsualSpellings_AreParts(string train, string heldOut)
    {
        _folder.Fill($"{train}/a", 4).Fill($"{train}/b", 5).Fill($"{heldOut}/a", 1).Fill($"{heldOut}/b", 2);

        var data = _folder.Open();

        Assert.Equal(["a", "b"], data.Labels);
        Assert.Equal([4, 5], LabelledFolder.Counts(data, data.Train));
        Assert.Equal([1, 2], LabelledFolder.Counts(data, data.HeldOut));
        Assert.Null(data.Test);
        Assert.Contains($"as the folders {train} and {heldOut} say", _folder.AllSaid, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ThreeParts_HoldsValOutAndKeepsTest()
    {
        _folder.Fill("train/a", 3).Fill("train/b", 3).Fill("valid/a", 1).Fill("valid/b", 1).Fill("test/a", 2).Fill("test/b", 2);

        var data = _folder.Open();

        Assert.Equal((6, 2, 4), (data.Train.Count, data.HeldOut.Count, data.Test!.Count));
        Assert.Same(data.HeldOut, data.Part(DataPart.Val));
        Assert.Same(data.Test, data.Part(DataPart.Test));
        Assert.Contains("held out to measure on: val; test is kept for evaluate --split test", _folder.AllSaid, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TrainAlone_HoldsATenthOfItOut()
    {
        _folder.Fill("train/a", 20).Fill("train/b", 5);

        var data = _folder.Open();

        Assert.Equal(["a", "b"], data.Labels);
        Assert.Equal([2, 1], LabelledFolder.Counts(data, data.HeldOut));
        Assert.Contains(
            "The data has no part test; it has train and val.",
            Refused(() => data.Part(DataPart.Test)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_ClassesAlone_HoldsATenthOfEachOutAndCountsThem()
    {
        _folder.Fill("a", 20).Fill("b", 5);

        var data = _folder.Open();

        Assert.Equal([2, 1], LabelledFolder.Counts(data, data.HeldOut));
        Assert.Equal([18, 4], LabelledFolder.Counts(data, data.Train));
        Assert.Equal(
            ["  class     train       val", "  a            18         2", "  b             4         1", "  all          22         3"],
            _folder.Said.TakeLast(4)
        );
    }

    [Fact]
    public void Open_WhatSystemsLeave_IsPassedOver()
    {
        _folder.Fill("cat", 3).Fill("dog", 3);
        _folder.Fill(".ipynb_checkpoints", 2).Fill("__MACOSX/cat", 3).Fill("cat/.hidden", 1).Fill("thumbnails", 2).Fill("dog/@eaDir", 1);
        _folder
            .Write("cat/._0.png", "AppleDouble")
            .Write("dog/._1.png", "AppleDouble")
            .Write("cat/Thumbs.db", "OLE")
            .Write(".DS_Store", "x");

        var data = _folder.Open();

        Assert.Equal(["cat", "dog"], data.Labels);
        Assert.Equal(6, data.Train.Count + data.HeldOut.Count);
        Assert.Contains(
            "passed over what systems and programs left: .DS_Store, ._* (2), .hidden, .ipynb_checkpoints, @eaDir, Thumbs.db, __MACOSX, "
                + "thumbnails",
            _folder.Said
        );
    }

    [Fact]
    public void Open_LinksThatLeaveOrCircle_ArePassedOverAndNamed()
    {
        using TempFolder elsewhere = new();
        File.WriteAllBytes(elsewhere["x.png"], TestImages.Png(5, 4));
        _folder.Fill("cat", 3).Fill("dog", 3).Fill("more/of", 1);
        _folder.Link("cat/loop", "..").Link("cat/self", ".").Link("dog/out", elsewhere.Path).Link("dog/out.png", elsewhere["x.png"]);
        _folder.Link("dog/none.png", "nowhere").Link("dog/one", "other").Link("dog/other", "one").Link("dog/kept.png", "../more/of/0.png");
        Directory.Move(_folder.In("more"), _folder.In(".more"));
        File.Delete(_folder.In("dog/kept.png"));
        _folder.Link("dog/kept.png", "../.more/of/0.png");

        var data = _folder.Open(recursive: true);

        Assert.Equal(["cat", "dog"], data.Labels);
        Assert.Equal(7, data.Train.Count + data.HeldOut.Count);
        Assert.Equal(
            [
                $"passed over the link '{_folder.In("cat/loop")}', which leads in a circle",
                $"passed over the link '{_folder.In("cat/self")}', which leads in a circle",
                $"passed over the link '{_folder.In("dog/none.png")}', which leads nowhere",
                $"passed over the link '{_folder.In("dog/out")}', which leads out of the folder",
                $"passed over the link '{_folder.In("dog/out.png")}', which leads out of the folder",
            ],
            _folder.Said.Where(line => line.Contains("link", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Open_FolderThatIsItselfALink_IsRead()
    {
        _folder.Fill("cat", 3).Fill("dog", 3);
        using TempFolder elsewhere = new();
        File.CreateSymbolicLink(elsewhere["photos"], _folder.Path);
        _folder.Link("cat/same.png", "0.png");

        var data = DataSet.Open(elsewhere["photos"]);

        Assert.Equal(7, data.Train.Count + data.HeldOut.Count);
        Assert.StartsWith(elsewhere["photos"], data.Train.FileOf(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NestedFolders_CountOnlyWhenAskedFor()
    {
        _folder.Fill("cat", 3).Fill("cat/kittens/white", 4).Fill("dog", 3);

        var flat = _folder.Open();

        Assert.Equal(6, flat.Train.Count + flat.HeldOut.Count);
        Assert.Contains(
            $"passed over 4 images (0.png, …) in folders below the classes of '{_folder.Path}'; --recursive takes them in",
            _folder.Said
        );
        var deep = _folder.Open(recursive: true);
        Assert.Equal(10, deep.Train.Count + deep.HeldOut.Count);
    }

    [Fact]
    public void Open_AllUnreadable_AreListedAtOnce()
    {
        _folder.Fill("cat", 9).Fill("dog", 9).Write("cat/text.jpg", "no image").Write("dog/empty.png", "");
        _folder.Write("dog/cut.jpg", TestImages.Jpeg(40, 30)[..^200]).Write("cat/anim.gif", "GIF89a and so on");
        _folder.Write("cat/phone.jpg", [0, 0, 0, 24, .. "ftypheic0000mif1heic"u8]);

        Assert.Equal("5 of 23 images cannot be read; mend or remove them, or go on without them by --skip-unreadable.", _folder.Refusal());

        var lines = _folder.Said.Where(line => line.Contains("cannot be read", StringComparison.Ordinal)).ToArray();
        Assert.Equal(
            ["cat/anim.gif", "cat/phone.jpg", "cat/text.jpg", "dog/cut.jpg", "dog/empty.png"],
            lines.Select(line => Path.GetRelativePath(_folder.Path, line.Split('\'')[1]))
        );
        Assert.Contains("GIF is not read here", lines[0], StringComparison.Ordinal);
        Assert.Contains("HEIC is not read here", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("The file is empty.", lines[4], StringComparison.Ordinal);

        var data = _folder.Open(skipUnreadable: true);
        Assert.Equal(18, data.Train.Count + data.HeldOut.Count);
        for (var index = 0; index < data.Train.Count; index++)
            data.Train.Load(index).Dispose();
    }

    /// <summary>What is learnt from and what is measured on must be told apart alike by a training run, which opens every file, and by an
    /// evaluation, which does not.</summary>
    [Fact]
    public void Open_UnreadableKnownOrNot_SplitsAlike()
    {
        _folder.Fill("cat", 40).Fill("dog", 25);
        foreach (var file in new[] { "cat/07x.png", "cat/a.jpg", "dog/1x.png", "dog/z.gif" })
            _folder.Write(file, "no image");

        var trained = _folder.Open(skipUnreadable: true);
        var measured = DataSet.Open(_folder.At(), _ => { });

        Assert.Equal((65, 65 + 4), (trained.Train.Count + trained.HeldOut.Count, measured.Train.Count + measured.HeldOut.Count));
        Assert.Equal(LabelledFolder.Files(trained.HeldOut), LabelledFolder.Files(measured.SkipUnreadable(_ => { }).HeldOut));
        Assert.Equal(
            LabelledFolder.Files(trained.Train),
            LabelledFolder.Files(measured.Train).Where(LabelledFolder.Files(trained.Train).Contains)
        );
    }

    [Fact]
    public void Reopen_SameFiles_OpensNoneAndLeavesTheSameOut()
    {
        using TempFolder elsewhere = new();
        File.WriteAllText(elsewhere["far.png"], "no image");
        _folder.Fill("cat", 9).Fill("dog", 9).Write("cat/bad.png", "no image");
        _folder.Write(
            "t.csv",
            $"path,label\n{elsewhere["far.png"]},cat\ncat/./bad.png,cat\n"
                + string.Concat(Enumerable.Range(0, 9).Select(index => $"cat/{index}.png,cat\ndog/{index}.png,dog\n"))
        );
        var location = _folder.At(skipUnreadable: true, csv: _folder.In("t.csv"));
        var first = DataSet.OpenChecked(location, _ => { });
        // A file that only opening would tell from what was there.
        _folder.Write("cat/3.png", new byte[new FileInfo(_folder.In("cat/3.png")).Length]);

        var again = DataSet.Reopen(location, first.Files!, _ => { });

        Assert.Equal((20, 2), (first.Files!.Count, first.Files.Unreadable.Count));
        Assert.Equal(first.Files.Sha256, again.Files!.Sha256);
        Assert.Equal(first.Files.Unreadable, again.Files.Unreadable);
        Assert.Equal(LabelledFolder.Files(first.Train), LabelledFolder.Files(again.Train));
        Assert.Equal(LabelledFolder.Files(first.HeldOut), LabelledFolder.Files(again.HeldOut));
    }

    [Theory]
    [InlineData("added")]
    [InlineData("removed")]
    [InlineData("moved")]
    [InlineData("replaced")]
    public void Reopen_OtherFiles_AreNotThoseOfBefore(string change)
    {
        _folder.Fill("cat", 9).Fill("dog", 9).Write("dog/bad.png", "no image");
        var first = _folder.Open(skipUnreadable: true).Files!;
        switch (change)
        {
            case "added":
                _folder.Write("cat/new.png", _folder.Image());
                break;
            case "removed": // the split is of the files that cannot be read, too
                File.Delete(_folder.In("dog/bad.png"));
                break;
            case "moved":
                File.Move(_folder.In("cat/1.png"), _folder.In("dog/10.png"));
                break;
            default:
                _folder.Write("cat/1.png", TestImages.Png(9, 9));
                break;
        }

        Assert.NotEqual(first.Sha256, DataSet.Reopen(_folder.At(skipUnreadable: true), first, _ => { }).Files!.Sha256);
    }

    [Fact]
    public void Limit_SomeOfAPart_HasEveryClassInItsShare()
    {
        _folder.Fill("train/a", 2).Fill("train/b", 2).Fill("train/c", 2);
        foreach (var part in new[] { "val", "test" })
            _folder.Fill($"{part}/a", 40).Fill($"{part}/b", 20).Fill($"{part}/c", 20);
        var data = DataSet.Open(_folder.At(), _ => { });

        Even(data.Limit(16), [8, 4, 4]);
        Even(data.Measuring(DataPart.Test).Limit(16), [8, 4, 4]);
        Even(DataSet.Open(_folder.At(), _ => { }, whole: true).Limit(83), [41, 21, 21]);

        static void Even(DataSet data, int[] shares) =>
            Assert.All(
                LabelledFolder.Counts(data, data.HeldOut).Zip(shares),
                count => Assert.InRange(count.First, count.Second - 1, count.Second + 1)
            );
    }

    [Fact]
    public void Open_ManyUnreadable_AreAllInAFile()
    {
        _folder.Fill("cat", 3).Fill("dog", 3);
        for (var index = 0; index < 23; index++)
            _folder.Write($"cat/bad{index:00}.png", "text");

        _folder.Refusal();

        Assert.Equal(20, _folder.Said.Count(line => line.Contains("cannot be read", StringComparison.Ordinal)));
        var list = _folder.Said.Single(line => line.StartsWith("… and 3 more", StringComparison.Ordinal)).Split('\'')[1];
        try
        {
            Assert.Equal(23, File.ReadLines(list).Count());
        }
        finally
        {
            File.Delete(list);
        }
    }

    [Fact]
    public void Open_ClassTooSmall_SaysWhichWithItsCount()
    {
        _folder.Fill("cat", 10).Fill("owl", 1).Fill("bat", 1);

        Assert.StartsWith(
            "Too few images in 2 of 3 classes: 'bat' has 1, 'owl' has 1; each class needs at least 2 to hold one out and train on the "
                + "others.",
            _folder.Refusal(),
            StringComparison.Ordinal
        );
        Assert.Equal(12, _folder.Open(whole: true).HeldOut.Count);
    }

    [Fact]
    public void Open_ClassThatCannotBeReadAtAll_IsTooSmall()
    {
        _folder.Fill("cat", 10).Fill("owl", 1).Write("owl/bad.png", "text");

        Assert.Contains("'owl' has 1", _folder.Refusal(skipUnreadable: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Empty_SaysWhatIsExpected() =>
        Assert.Equal($"'{_folder.Path}' holds no images: a folder for each class is expected, or IDX files.", _folder.Refusal());

    [Fact]
    public void Open_ImagesAtTheTop_SaysToSortThem()
    {
        _folder.Fill(".", 3);

        Assert.Equal(
            $"'{_folder.Path}' holds 3 images (0.png, …) but no folder for each class; sort them into folders that are named after the "
                + "classes, or name the classes in a table (--csv).",
            _folder.Refusal()
        );
    }

    [Fact]
    public void Open_OneClass_SaysSo()
    {
        _folder.Fill("cat", 3);

        Assert.Equal("There is one class only, 'cat' with 3 images; a network learns to tell at least two apart.", _folder.Refusal());
    }

    [Fact]
    public void Open_FolderInAFolder_NamesTheInnerOne()
    {
        _folder.Fill("photos/cat", 3).Fill("photos/dog", 3);

        Assert.Equal($"'{_folder.Path}' holds the folder 'photos' alone; did you mean '{_folder.In("photos")}'?", _folder.Refusal());
    }

    [Fact]
    public void Open_PartsWithoutClasses_AreNoClasses()
    {
        _folder.Fill("train", 3).Fill("test", 3);

        Assert.Contains("should hold a folder for each class", _folder.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TestWithoutClasses_IsPassedOver()
    {
        _folder.Fill("train/cat", 10).Fill("train/dog", 10).Fill("test", 5).Fill("extra", 2);

        var data = _folder.Open();

        Assert.Equal(20, data.Train.Count + data.HeldOut.Count);
        Assert.Contains($"passed over '{_folder.In("test")}': 5 images in no class's folder", _folder.Said);
        Assert.Contains($"passed over the folder '{_folder.In("extra")}' beside the parts", _folder.Said);
    }

    [Fact]
    public void Open_ClassNamedTest_IsAClassBesideOthers()
    {
        _folder.Fill("control", 10).Fill("test", 10);

        Assert.Equal(["control", "test"], _folder.Open().Labels);
        Assert.Contains($"'{_folder.In("test")}' holds no folders, so it counts as a class, not as a part", _folder.Said);
    }

    [Fact]
    public void Open_OnePartTwice_IsRefused()
    {
        _folder.Fill("val/a", 1).Fill("val/b", 1).Fill("validation/a", 1).Fill("train/a", 1).Fill("train/b", 1);

        Assert.Contains("are the same part; keep one of them.", _folder.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ValHasAClassThatTrainHasNot_IsRefused()
    {
        _folder.Fill("train/a", 1).Fill("train/b", 1).Fill("val/a", 1).Fill("val/c", 1);

        Assert.Equal($"'{_folder.In("val")}' has classes that the training part has not: 'c'.", _folder.Refusal());
        Assert.Contains($"'{_folder.In("val")}' has no images of 'b'", _folder.Said);
    }

    [Fact]
    public void Open_ClassesWithoutImages_AreAllNamed()
    {
        _folder.Fill("a", 2).Fill("b", 0).Fill("c", 0);

        Assert.Equal($"No images in 'b', 'c' of '{_folder.Path}'.", _folder.Refusal());
    }

    [Fact]
    public void Open_ClassWhoseImagesLieDeeper_SaysHowToTakeThemIn()
    {
        _folder.Fill("a", 2).Fill("c/deeper", 2);

        Assert.Equal($"No images in 'c' of '{_folder.Path}' itself; --recursive looks deeper.", _folder.Refusal());
        Assert.Equal(["a", "c"], _folder.Open(recursive: true).Labels);
    }

    [Fact]
    public void Open_SameBytesTwice_IsWarnedOf()
    {
        var image = _folder.Image();
        _folder.Fill("train/a", 2).Fill("train/b", 2).Fill("val/a", 1).Fill("val/b", 1);
        _folder.Write("train/a/x.png", image).Write("val/a/y.png", image);

        _folder.Open();

        Assert.Contains("warning: 1 file more than once, 0 in two classes and 1 in two parts", _folder.AllSaid, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_OfAFolder_AreTheFirstOfEachClassInTurn()
    {
        _folder.Fill("train/T-shirt & top", 1).Fill("train/b", 1).Fill("val/T-shirt & top", 3).Fill("val/b", 3);
        var data = _folder.Open();

        var files = SampleImages.Write(data, _folder.In("out"), count: 3);

        Assert.Equal(["t-shirt-top-1.png", "b-1.png", "t-shirt-top-2.png"], files.Select(Path.GetFileName));
        Assert.Equal(files.Order(), Directory.GetFiles(_folder.In("out")).Order());
    }

    private static string Refused(Func<object> open) => Assert.Throws<InvalidDataException>(open).Message;
}
