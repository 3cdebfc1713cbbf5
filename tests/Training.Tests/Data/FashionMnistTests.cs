using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class FashionMnistTests
{
    [Fact]
    public void Write_PackageWithEmptyEntries_SkipsThemAndSplitsEveryClass()
    {
        using TempFolder folder = new();
        Pack(
            folder["package.tgz"],
            Enumerable.Range(0, 10).ToDictionary(label => label, label => ClassJson(label, images: 6, empty: label == 0))
        );

        FashionMnist.Write(folder["package.tgz"], folder["out"], perClass: 6, heldOutPerClass: 2);

        var data = DataSet.Open(folder["out"]);
        Assert.Equal(FashionMnist.Labels, data.Labels);
        Assert.Equal((40, 20), (data.Train.Count, data.HeldOut.Count));
        var seen = Enumerable
            .Range(0, 40)
            .Select(index => Identity(data.Train, index))
            .Concat(Enumerable.Range(0, 20).Select(index => Identity(data.HeldOut, index)))
            .ToList();
        Assert.Equal(60, seen.Distinct().Count()); // no image in both parts, none lost
        Assert.All(seen, image => Assert.Equal(image.Label, image.Red / 10));
    }

    [Fact]
    public void Write_ClassMissing_SaysWhich()
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Enumerable.Range(0, 9).ToDictionary(label => label, label => ClassJson(label, 6, empty: false)));

        var error = Assert.Throws<InvalidDataException>(() => FashionMnist.Write(folder["package.tgz"], folder["out"], 6, 2));

        Assert.Contains("class 9", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("""{"data":[[1,2,3]]}""")]
    [InlineData("""{"images":[]}""")]
    public void Write_DamagedClass_IsRefusedByName(string json)
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], new Dictionary<int, string> { [3] = json });

        var error = Assert.Throws<InvalidDataException>(() => FashionMnist.Write(folder["package.tgz"], folder["out"], 6, 2));

        Assert.Contains("3.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_PixelOutOfRange_IsRefused()
    {
        using TempFolder folder = new();
        Pack(
            folder["package.tgz"],
            new Dictionary<int, string> { [0] = ClassJson(0, 6, empty: false).Replace("[0,", "[256,", StringComparison.Ordinal) }
        );

        Assert.Throws<InvalidDataException>(() => FashionMnist.Write(folder["package.tgz"], folder["out"], 6, 2));
    }

    // The first pixel says which image it is: ten times the class, and the position in it.
    private static (int Label, int Red) Identity(IImageSource source, int index)
    {
        using var image = source.Load(index);
        return (source.LabelOf(index), image.Pixels[0]);
    }

    private static string ClassJson(int label, int images, bool empty)
    {
        var entries = Enumerable
            .Range(0, images)
            .Select(index => $"[{(10 * label) + index},{string.Join(',', Enumerable.Repeat(7, 783))}]");
        return $"{{\"data\":[{string.Join(',', empty ? ["[]", .. entries, "[]"] : entries)}]}}";
    }

    private static void Pack(string path, Dictionary<int, string> classes)
    {
        using var file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(zipped);
        foreach (var (label, json) in classes)
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, $"package/src/clothes/{label}.json")
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(json)),
                }
            );
    }
}
