using Saccade.TestSupport;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class ImageFolderTests
{
    [Fact]
    public void Open_TrainAndVal_KeepsThePartsAndSortsTheClasses()
    {
        using TempFolder folder = new();
        Fill(folder, "train/b", 3);
        Fill(folder, "train/a", 2);
        Fill(folder, "val/a", 1);
        Fill(folder, "val/b", 2);
        File.WriteAllText(folder["val", "b", "notes.txt"], "no image");

        var data = DataSet.Open(folder.Path);

        Assert.Equal(["a", "b"], data.Labels);
        Assert.Equal([0, 0, 1, 1, 1], Enumerable.Range(0, data.Train.Count).Select(data.Train.LabelOf).Order());
        Assert.Equal([0, 1, 1], Enumerable.Range(0, data.HeldOut.Count).Select(data.HeldOut.LabelOf));
        using var image = data.Train.Load(0);
        Assert.Equal((5, 4), (image.Width, image.Height));
        Assert.Equal(TestImages.Smooth(5, 4), image.Pixels.ToArray());
    }

    [Fact]
    public void Open_ClassesAlone_HoldsATenthOfEachOut()
    {
        using TempFolder folder = new();
        Fill(folder, "a", 20);
        Fill(folder, "b", 5);

        var data = DataSet.Open(folder.Path);

        Assert.Equal([0, 0, 1], Enumerable.Range(0, data.HeldOut.Count).Select(data.HeldOut.LabelOf).Order());
        Assert.Equal(22, data.Train.Count);
    }

    [Fact]
    public void Load_NotAImage_NamesTheFile()
    {
        using TempFolder folder = new();
        Fill(folder, "a", 3);
        Fill(folder, "b", 3);
        foreach (var file in Directory.GetFiles(folder["a"]))
            File.WriteAllText(file, "text");

        var data = DataSet.Open(folder.Path);
        var index = Enumerable.Range(0, data.Train.Count).First(index => data.Train.LabelOf(index) == 0);

        Assert.Contains(folder["a"], Assert.Throws<InvalidDataException>(() => data.Train.Load(index)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ClassesDiffer_IsRefused()
    {
        using TempFolder folder = new();
        Fill(folder, "train/a", 1);
        Fill(folder, "train/b", 1);
        Fill(folder, "val/a", 1);
        Fill(folder, "val/c", 1);

        Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Path));
    }

    [Fact]
    public void Open_ClassWithoutImages_IsRefused()
    {
        using TempFolder folder = new();
        Fill(folder, "a", 1);
        Fill(folder, "b", 0);

        Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Path));
    }

    [Fact]
    public void Samples_OfAFolder_AreTheFirstOfEachClassInTurn()
    {
        using TempFolder folder = new();
        Fill(folder, "train/T-shirt & top", 1);
        Fill(folder, "train/b", 1);
        Fill(folder, "val/T-shirt & top", 3);
        Fill(folder, "val/b", 3);

        var files = SampleImages.Write(DataSet.Open(folder.Path), folder["out"], count: 3);

        Assert.Equal(["t-shirt-top-1.png", "b-1.png", "t-shirt-top-2.png"], files.Select(Path.GetFileName));
        Assert.Equal(files.Order(), Directory.GetFiles(folder["out"]).Order());
    }

    private static void Fill(TempFolder folder, string path, int images)
    {
        Directory.CreateDirectory(folder[path.Split('/')]);
        for (var i = 0; i < images; i++)
            File.WriteAllBytes(folder[[.. path.Split('/'), $"{i}.png"]], TestImages.Png(5, 4));
    }
}
