using Saccade.TestSupport;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class ActivationRangeImagesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _said = [];

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

        var images = ActivationRangeImages.Open(At("flat"), _said.Add);

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

        var images = ActivationRangeImages.Open(At("classes"), _said.Add);

        Assert.Equal((18, 2), (images.Images.Count, images.Others.Count));
    }

    [Fact]
    public void Open_FolderPerClassWithADamagedImage_GoesOnWithoutIt()
    {
        foreach (var name in Enumerable.Range(0, 20).Select(index => $"classes/{(index % 2 == 0 ? "cat" : "dog")}/{index}.png"))
            Save(name, 4, 4);
        File.WriteAllText(At("classes/cat/20.jpg"), "no image");

        var images = ActivationRangeImages.Open(At("classes"), _said.Add);

        Assert.Equal(20, images.Images.Count + images.Others.Count);
    }

    [Fact]
    public void Open_AnyFolderWithFilesThatCannotBeRead_GoesOnWithoutThemAndNamesThem()
    {
        for (var index = 0; index < 12; index++)
            Save($"flat/{index}.png", 4, 4);
        File.WriteAllText(At("flat/anim.gif"), "GIF89a and so on");
        File.WriteAllText(At("flat/bad.jpg"), "no image");

        var images = ActivationRangeImages.Open(At("flat"), _said.Add);

        Assert.Equal(12, images.Images.Count + images.Others.Count);
        foreach (var source in new[] { images.Images, images.Others })
        {
            for (var index = 0; index < source.Count; index++)
                source.Load(index).Dispose();
        }

        foreach (var file in new[] { "anim.gif", "bad.jpg" })
            Assert.Single(_said, line => line.StartsWith($"'{At($"flat/{file}")}' cannot be read: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_NothingThatCanBeRead_IsRefused()
    {
        Directory.CreateDirectory(At("bad"));
        File.WriteAllText(At("bad/one.jpg"), "no image");
        File.WriteAllText(At("bad/two.jpg"), "no image");

        Assert.Equal($"Too few images of '{At("bad")}' can be read to measure activation ranges on and to compare on.", Refusal(At("bad")));
    }

    private string Refusal(string path) => Assert.Throws<InvalidDataException>(() => ActivationRangeImages.Open(path, _said.Add)).Message;

    private string At(string name) => _folder[name.Split('/')];

    private void Save(string name, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), TestImages.Png(width, height));
    }
}
