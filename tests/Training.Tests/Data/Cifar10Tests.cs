using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Saccade.Training.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class Cifar10Tests
{
    private const int PerSheet = 2;
    private const int RowPixels = 32 * 32;

    [Fact]
    public void Write_Sheets_BecomeTheOfficialPartsInTheirOrder()
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Whole());

        Cifar10.Write(folder["package.tgz"], folder["out"], PerSheet);

        var data = DataSet.Open(folder["out"]);
        Assert.Equal(Cifar10.Labels, data.Labels);
        Assert.StartsWith("The official split", data.Split, StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(index => (index, index)),
            Enumerable.Range(0, data.Train.Count).Select(index => Identity(data.Train, index))
        );
        Assert.Equal([(3, 50), (8, 51)], Enumerable.Range(0, data.HeldOut.Count).Select(index => Identity(data.HeldOut, index)));
    }

    [Fact]
    public void Write_Image_KeepsItsRowsAndColours()
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Whole());

        Cifar10.Write(folder["package.tgz"], folder["out"], PerSheet);

        using var image = DataSet.Open(folder["out"]).Train.Load(7);
        Assert.Equal((32, 32), (image.Width, image.Height));
        var place = 3 * ((5 * 32) + 9); // row 5, column 9
        Assert.Equal([7, 9, 5], image.Pixels.Slice(place, 3).ToArray());
    }

    [Theory]
    [InlineData("data_batch_4.png")]
    [InlineData("test_batch.png")]
    [InlineData("train_lables.json")]
    public void Write_FileMissing_SaysWhich(string file)
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Whole().Where(entry => entry.Key != file));

        Assert.Contains(file, Refused(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test_lables.json", "[3]")]
    [InlineData("test_lables.json", "[3,10]")]
    [InlineData("test_lables.json", "[3,-1]")]
    [InlineData("test_lables.json", "{}")]
    [InlineData("data_batch_1.png", "no image")]
    public void Write_DamagedFile_IsRefusedByName(string file, string content)
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Whole().Where(entry => entry.Key != file).Append(new(file, Encoding.UTF8.GetBytes(content))));

        Assert.Contains(file, Refused(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SheetOfAnotherSize_IsRefused()
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Whole());

        Assert.Contains(
            "1024 × 2",
            Assert.Throws<InvalidDataException>(() => Cifar10.Write(folder["package.tgz"], folder["out"], PerSheet + 1)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Write_NotThePublishedPackage_IsRefusedByItsHash()
    {
        using TempFolder folder = new();
        Pack(folder["package.tgz"], Whole());

        Assert.Contains(
            "SHA-512",
            Assert.Throws<InvalidDataException>(() => Cifar10.Write(folder["package.tgz"], folder["out"])).Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static string Refused(TempFolder folder) =>
        Assert.Throws<InvalidDataException>(() => Cifar10.Write(folder["package.tgz"], folder["out"], PerSheet)).Message;

    // The first pixel's red says which image it is.
    private static (int Label, int Red) Identity(IImageSource source, int index)
    {
        using var image = source.Load(index);
        return (source.LabelOf(index), image.Pixels[0]);
    }

    private static Dictionary<string, byte[]> Whole()
    {
        var files = Enumerable
            .Range(0, 5)
            .ToDictionary(sheet => $"data_batch_{sheet + 1}.png", sheet => Sheet(PerSheet * sheet), StringComparer.Ordinal);
        files["test_batch.png"] = Sheet(50);
        files["train_lables.json"] = "[0,1,2,3,4,5,6,7,8,9]"u8.ToArray();
        files["test_lables.json"] = "[3,8]"u8.ToArray();
        return files;
    }

    // Red is the image's number, green the column, blue the row.
    private static byte[] Sheet(int first)
    {
        using Image<Rgb24> sheet = new(RowPixels, PerSheet);
        for (var row = 0; row < PerSheet; row++)
        {
            for (var pixel = 0; pixel < RowPixels; pixel++)
                sheet[pixel, row] = new Rgb24((byte)(first + row), (byte)(pixel % 32), (byte)(pixel / 32));
        }

        using MemoryStream png = new();
        sheet.SaveAsPng(png);
        return png.ToArray();
    }

    private static void Pack(string path, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(zipped);
        foreach (var (name, content) in files)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/{name}") { DataStream = new MemoryStream(content) });
    }
}
