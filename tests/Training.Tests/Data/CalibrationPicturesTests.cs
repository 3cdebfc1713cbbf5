using Saccade.TestSupport;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class CalibrationPicturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoFolder_SaysSo() =>
        Assert.Equal($"There is no folder '{At("none")}' of pictures to calibrate with.", Refusal(At("none")));

    [Fact]
    public void Open_FolderWithoutPictures_SaysSo()
    {
        Directory.CreateDirectory(At("empty/deeper"));
        File.WriteAllText(At("empty/deeper/notes.txt"), "none here");

        Assert.Equal($"'{At("empty")}' holds no pictures to calibrate with.", Refusal(At("empty")));
    }

    [Fact]
    public void Open_PicturesOfAnySize_TakesAllOfThem()
    {
        Save("flat/a.png", 5, 9);
        Save("flat/b.png", 50, 9);
        Save("flat/deeper/c.png", 300, 200);

        var pictures = CalibrationPictures.Open(At("flat"));

        Assert.Equal([5, 50, 300], Enumerable.Range(0, pictures.Pictures.Count).Select(Width).Order());
        Assert.Equal(3, pictures.Others.Count);

        int Width(int index)
        {
            using var image = pictures.Pictures.Load(index);
            return image.Width;
        }
    }

    [Fact]
    public void Open_FolderPerClass_LeavesTheHeldOutPartAlone()
    {
        foreach (var name in Enumerable.Range(0, 20).Select(index => $"classes/{(index % 2 == 0 ? "cat" : "dog")}/{index}.png"))
            Save(name, 4, 4);

        var pictures = CalibrationPictures.Open(At("classes"));

        Assert.Equal((18, 2), (pictures.Pictures.Count, pictures.Others.Count));
    }

    [Fact]
    public void Load_DamagedPicture_NamesTheFile()
    {
        Directory.CreateDirectory(At("bad"));
        File.WriteAllText(At("bad/one.jpg"), "no picture");

        var error = Assert.Throws<InvalidDataException>(() => CalibrationPictures.Open(At("bad")).Pictures.Load(0));

        Assert.StartsWith($"'{At("bad/one.jpg")}': ", error.Message, StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<InvalidDataException>(() => CalibrationPictures.Open(path)).Message;

    private string At(string name) => _folder[name.Split('/')];

    private void Save(string name, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), TestImages.Png(width, height));
    }
}
