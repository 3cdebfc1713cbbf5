using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

public sealed class InputImagesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_OneFolder_NamesItsImagesByTheirPlaceInIt()
    {
        Touch("photos/b/2.PNG", "photos/b/1.jpg", "photos/a/deep/3.webp", "photos/0.jpeg");
        Touch("photos/notes.txt", "photos/.cache/4.jpg", "photos/b/.5.jpg", "photos/__MACOSX/6.jpg");

        var images = InputImages.Find([_folder["photos"]], _ => { });

        Assert.Equal(["0.jpeg", "a/deep/3.webp", "b/1.jpg", "b/2.PNG"], images.Select(image => image.Name));
        Assert.All(images, image => Assert.True(File.Exists(image.Path)));
    }

    /// <summary>The rules of training: what is passed over is told, and a format that is not read is an image, which fails.</summary>
    [Fact]
    public void Find_Folder_TakesAndPassesOverWhatTrainingDoes()
    {
        using TempFolder elsewhere = new();
        File.WriteAllText(elsewhere["out.jpg"], "");
        Touch("photos/1.jpg", "photos/2.gif", "photos/3.HEIC", "photos/notes.txt", "photos/Thumbs.db", "photos/@eaDir/4.jpg");
        Directory.CreateDirectory(_folder["photos", "thumbnails"]);
        File.CreateSymbolicLink(_folder["photos", "out.jpg"], elsewhere["out.jpg"]);
        List<string> said = [];

        var images = InputImages.Find([_folder["photos"]], said.Add);

        Assert.Equal(["1.jpg", "2.gif", "3.HEIC"], images.Select(image => image.Name));
        Assert.Equal(
            [
                "passed over what systems and programs left: @eaDir, Thumbs.db, thumbnails",
                "passed over files that are no images by their names: .txt",
                $"passed over the link '{_folder["photos", "out.jpg"]}', which leads out of the folder",
            ],
            said
        );
    }

    [Fact]
    public void Find_LinkThatLeadsInACircle_IsNotFollowed()
    {
        Touch("photos/a/1.jpg");
        Directory.CreateSymbolicLink(_folder["photos", "a", "again"], _folder["photos"]);
        File.CreateSymbolicLink(_folder["photos", "2.jpg"], _folder["photos", "a", "1.jpg"]);

        Assert.Equal(["2.jpg", "a/1.jpg"], InputImages.Find([_folder["photos"]], _ => { }).Select(image => image.Name));
    }

    [Fact]
    public void Find_SeveralInputs_NamesThemAsTheyWereWritten()
    {
        Touch("one/x.jpg", "two/x.jpg", "y.png");

        var images = InputImages.Find([_folder["one"], _folder["two"] + "/", _folder["y.png"]], _ => { });

        Assert.Equal([_folder["one", "x.jpg"], _folder["two", "x.jpg"], _folder["y.png"]], images.Select(image => image.Name));
    }

    [Theory]
    [InlineData("*.jpg", "1.jpg")]
    [InlineData("**/*.jpg", "1.jpg a/2.jpg a/b/3.jpg")]
    [InlineData("a/**/*.jpg", "a/2.jpg a/b/3.jpg")]
    [InlineData("*/?.jpg", "a/2.jpg")]
    [InlineData("a*/2.*", "a/2.jpg")]
    public void Find_Pattern_TakesWhatFits(string pattern, string expected)
    {
        Touch("1.jpg", "a/2.jpg", "a/b/3.jpg", "a/b/33.png", "a/2.txt");

        var images = InputImages.Find([_folder[pattern]], _ => { });

        Assert.Equal(expected.Split(' ').Select(name => _folder[name]), images.Select(image => image.Name));
    }

    [Theory]
    [InlineData("gone", "There is no file or folder '{0}'.")]
    [InlineData("*.webp", "'{0}' has no images.")]
    [InlineData("empty", "'{0}' has no images.")]
    public void Find_NothingThere_SaysSo(string input, string message)
    {
        Touch("1.jpg");
        Directory.CreateDirectory(_folder["empty"]);

        var error = Assert.Throws<InvalidDataException>(() => InputImages.Find([_folder[input]], _ => { }));

        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, _folder[input]), error.Message);
    }

    [Fact]
    public void Read_List_IsItsLinesWhateverIsThere()
    {
        using StringReader list = new("b.jpg\r\n\na/gone.png\nb.jpg\n");

        Assert.Equal([new("b.jpg", "b.jpg"), new("a/gone.png", "a/gone.png"), new("b.jpg", "b.jpg")], InputImages.Read(list));
    }

    private void Touch(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "");
        }
    }
}
