using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

/// <summary>Paths and classes from a table.</summary>
public sealed class ImageTableTests : IDisposable
{
    private readonly LabelledFolder _folder = new LabelledFolder().Fill("all", 8);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("path,label\n")]
    [InlineData("\uFEFFFile;Class;notes\r\n")]
    [InlineData("filename\tLABEL\n")]
    [InlineData("class,image\n")]
    public void Open_AnyUsualHeader_IsRead(string header)
    {
        var separator = header.First(letter => letter is ',' or ';' or '\t');
        var swapped = header.StartsWith("class", StringComparison.Ordinal);
        var rows = Enumerable
            .Range(0, 8)
            .Select(index => (Path: $"all/{index}.png", Class: index % 2 == 0 ? "even" : "odd"))
            .Select(row => swapped ? $"{row.Class}{separator}{row.Path}" : $"{row.Path}{separator}{row.Class}");

        var data = Read(header + string.Join('\n', rows));

        Assert.Equal(["even", "odd"], data.Labels);
        Assert.Equal([4, 4], LabelledFolder.Counts(data, data.Train).Zip(LabelledFolder.Counts(data, data.HeldOut), (a, b) => a + b));
    }

    [Fact]
    public void Open_QuotedFields_AreRfc4180()
    {
        File.Move(_folder.In("all/0.png"), _folder.In("all/a, \"b\".png"));

        var data = Read(
            "path,label\n\"all/a, \"\"b\"\".png\",\"T-shirt, top\"\nall/1.png,\"T-shirt, top\"\nall/2.png,bag\nall/3.png,bag\n"
        );

        Assert.Equal(["T-shirt, top", "bag"], data.Labels);
        Assert.Equal(4, data.Train.Count + data.HeldOut.Count);
    }

    [Fact]
    public void Open_Splits_AreTheParts()
    {
        var data = Read(
            "path,label,split\nall/0.png,a,train\nall/1.png,b,Training\nall/2.png,a,valid\nall/3.png,b,val\nall/4.png,a,TEST\n"
                + "all/4.png,a,TEST\n"
        );

        Assert.Equal((2, 2, 1), (data.Train.Count, data.HeldOut.Count, data.Test!.Count));
        Assert.Equal("as the column split says", data.Split);
        Assert.Contains("passed over 1 line of", _folder.AllSaid, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WindowsPaths_AreFound() =>
        Assert.Equal(
            4,
            Read("path,label\nall\\0.png,a\nall\\1.png,a\nall\\2.png,b\nall\\3.png,b\n") is var data
                ? data.Train.Count + data.HeldOut.Count
                : 0
        );

    [Theory]
    [InlineData("", "' is empty.")]
    [InlineData("path,label\n", "has a header and no rows.")]
    [InlineData("photo,label\nall/0.png,a\n", "has no column path or file or filename or image; its header is photo, label.")]
    [InlineData("path,kind\nall/0.png,a\n", "has no column label or class; its header is path, kind.")]
    [InlineData("path,label\nall/0.png,\n,b\nall/1.png\n", "line 2 names no class; line 3 names no file; line 4 names no class.")]
    [InlineData("path,label,split\nall/0.png,a,holdout\n", "line 2 has the split 'holdout', which is none of train, training, val")]
    [InlineData("path,label\nall/0.png,a\nall/0.png,b\n", "lines 2 and 3 disagree about 'all/0.png'.")]
    [InlineData("path,label\nall/0.png,\"a\"x\"\nall/1.png,b\n", "is not a row of a table (RFC 4180).")]
    public void Open_UnsoundTable_IsRefusedByLine(string csv, string message)
    {
        _folder.Write("table.csv", csv);

        Assert.Contains(message, _folder.Refusal(csv: _folder.In("table.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FilesThatAreNotThere_AreListedAtOnce()
    {
        _folder.Write("table.csv", "path,label\nall/0.png,a\nall/1.png,b\ngone/1.png,a\ngone/2.png,b\n");

        Assert.StartsWith("2 of 4 images cannot be read", _folder.Refusal(csv: _folder.In("table.csv")), StringComparison.Ordinal);
        Assert.Contains($"'{_folder.In("gone/2.png")}' cannot be read: There is no such file.", _folder.Said);
    }

    [Fact]
    public void Open_NoTable_IsRefused() =>
        Assert.Equal($"There is no table '{_folder.In("table.csv")}'.", _folder.Refusal(csv: _folder.In("table.csv")));

    private DataSet Read(string csv)
    {
        _folder.Write("table.csv", csv);
        return _folder.Open(csv: _folder.In("table.csv"));
    }
}
