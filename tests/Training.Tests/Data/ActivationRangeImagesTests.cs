using Saccade.TestSupport;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class ActivationRangeImagesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoFolder_SaysSo() =>
        Assert.Equal($"There is no folder '{At("none")}' of images to measure activation ranges on.", Refusal(At("none")));

    [Fact]
    public void Open_FolderWithoutImages_SaysSo()
    {
        Directory.CreateDirectory(At("empty/deeper"));
        File.WriteAllText(At("empty/deeper/notes.txt"), "none here");

        Assert.Equal(
            $"'{At("empty")}' holds no images to measure activation ranges on; some are kept to compare on.",
            Refusal(At("empty"))
        );
    }

    [Fact]
    public void Open_OneImage_SaysThatSomeAreKept()
    {
        Save("lonely/a.png", 5, 9);

        Assert.Equal(
            $"'{At("lonely")}' holds one image to measure activation ranges on; some are kept to compare on.",
            Refusal(At("lonely"))
        );
    }

    [Fact]
    public void Open_ImagesOfAnySize_KeepsAQuarterToCompareOn()
    {
        for (var width = 1; width <= 10; width++)
            Save($"flat/{(width % 2 == 0 ? "deeper/" : "")}{width}.png", width, 9);

        var images = ActivationRangeImages.Open(At("flat"));

        Assert.Equal((8, 2), (images.Images.Count, images.Others.Count));
        Assert.Equal(Enumerable.Range(1, 10), Widths(images.Images).Concat(Widths(images.Others)).Order());

        static IEnumerable<int> Widths(IImageSource source)
        {
            for (var index = 0; index < source.Count; index++)
            {
                using var image = source.Load(index);
                yield return image.Width;
            }
        }
    }

    [Fact]
    public void Open_FolderPerClass_LeavesTheHeldOutPartAlone()
    {
        foreach (var name in Enumerable.Range(0, 20).Select(index => $"classes/{(index % 2 == 0 ? "cat" : "dog")}/{index}.png"))
            Save(name, 4, 4);

        var images = ActivationRangeImages.Open(At("classes"));

        Assert.Equal((18, 2), (images.Images.Count, images.Others.Count));
    }

    [Fact]
    public void Open_FolderPerClassWithADamagedImage_GoesOnWithoutIt()
    {
        foreach (var name in Enumerable.Range(0, 20).Select(index => $"classes/{(index % 2 == 0 ? "cat" : "dog")}/{index}.png"))
            Save(name, 4, 4);
        File.WriteAllText(At("classes/cat/20.jpg"), "no image");

        var images = ActivationRangeImages.Open(At("classes"));

        Assert.Equal(20, images.Images.Count + images.Others.Count);
    }

    [Fact]
    public void Load_DamagedImage_NamesTheFile()
    {
        Directory.CreateDirectory(At("bad"));
        File.WriteAllText(At("bad/one.jpg"), "no image");
        File.WriteAllText(At("bad/two.jpg"), "no image");

        var error = Assert.Throws<InvalidDataException>(() => ActivationRangeImages.Open(At("bad")).Images.Load(0));

        Assert.Matches($"^'{At("bad")}/(one|two).jpg': ", error.Message);
    }

    private static string Refusal(string path) => Assert.Throws<InvalidDataException>(() => ActivationRangeImages.Open(path)).Message;

    private string At(string name) => _folder[name.Split('/')];

    private void Save(string name, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), TestImages.Png(width, height));
    }
}
