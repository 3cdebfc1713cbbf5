using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class IdxFolderTests
{
    [Fact]
    public void Open_WhatWriteWrote_HasImagesLabelsAndSplit()
    {
        using TempFolder folder = new();
        Write(folder.Path, ["cat", "dog"]);

        var data = DataSet.Open(folder.Path);

        Assert.Equal(["cat", "dog"], data.Labels);
        Assert.Equal("Half and half.", data.Split);
        Assert.Equal(2, data.Train.Count);
        Assert.Equal([0, 1], [data.Train.LabelOf(0), data.Train.LabelOf(1)]);
        using var second = data.Train.Load(1);
        Assert.Equal((2, 1), (second.Width, second.Height));
        Assert.Equal([30, 30, 30, 40, 40, 40], second.Pixels.ToArray()); // grey becomes three equal channels
    }

    [Fact]
    public void Open_Whole_IsAllImagesAndSaysSo()
    {
        using TempFolder folder = new();
        Write(folder.Path, ["cat", "dog"]);
        List<string> said = [];

        var data = DataSet.Open(new DataLocation(folder.Path), said.Add, whole: true);

        Assert.Equal(("all images of the data", 0, 4), (data.Split, data.Train.Count, data.HeldOut.Count));
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(data.HeldOut.LabelOf).Order());
        Assert.Equal(["  class      test", "  cat           2", "  dog           2", "  all           4"], said);
    }

    [Fact]
    public void Open_ColouredImages_KeepTheirColours()
    {
        using TempFolder folder = new();
        var images = new IdxFile([2, 1, 2, 3], [.. Enumerable.Range(0, 12).Select(value => (byte)value)]);
        var classes = new IdxFile([2], [0, 1]);
        IdxFolder.Write(folder.Path, (images, classes), (images, classes), ["cat", "dog"], "Half and half.");

        var data = DataSet.Open(folder.Path);

        using var second = data.Train.Load(1);
        Assert.Equal((2, 1), (second.Width, second.Height));
        Assert.Equal([6, 7, 8, 9, 10, 11], second.Pixels.ToArray());
    }

    [Fact]
    public void Open_TwoChannels_AreRefused()
    {
        using TempFolder folder = new();
        var images = new IdxFile([1, 1, 2, 2], [1, 2, 3, 4]);
        var classes = new IdxFile([1], [0]);
        IdxFolder.Write(folder.Path, (images, classes), (images, classes), ["cat"], "All.");

        Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Path));
    }

    [Fact]
    public void Open_FileMissing_SaysWhich()
    {
        using TempFolder folder = new();
        Write(folder.Path, ["cat", "dog"]);
        File.Delete(folder["t10k-labels-idx1-ubyte"]);

        var error = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Path));

        Assert.Contains("t10k-labels-idx1-ubyte", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FewerNamesThanClasses_IsRefused()
    {
        using TempFolder folder = new();
        Write(folder.Path, ["cat"]);

        Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Path));
    }

    [Fact]
    public void Open_CountsDiffer_IsRefused()
    {
        using TempFolder folder = new();
        Write(folder.Path, ["cat", "dog"]);
        using (var labels = File.Create(folder["train-labels-idx1-ubyte"]))
            new IdxFile([1], [0]).Write(labels);

        Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Path));
    }

    [Fact]
    public void Open_NoFolder_IsRefused() => Assert.Throws<InvalidDataException>(() => DataSet.Open("no-such-folder"));

    [Fact]
    public void Limit_MoreThanThereAre_KeepsAll()
    {
        using TempFolder folder = new();
        Write(folder.Path, ["cat", "dog"]);

        var data = DataSet.Open(folder.Path);

        Assert.Equal(1, data.Limit(1).Train.Count);
        Assert.Equal(2, data.Limit(9).Train.Count);
    }

    private static void Write(string folder, string[] labels)
    {
        var images = new IdxFile([2, 1, 2], [10, 20, 30, 40]);
        var classes = new IdxFile([2], [0, 1]);
        IdxFolder.Write(folder, (images, classes), (images, classes), labels, "Half and half.\n\nMore words.");
    }
}
