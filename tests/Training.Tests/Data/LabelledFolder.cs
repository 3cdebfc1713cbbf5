using Saccade.TestSupport;
using Saccade.Training.Data;

namespace Saccade.Training.Tests.Data;

/// <summary>A folder of small images that a test makes; remembers what opening it says.</summary>
internal sealed class LabelledFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private byte _next;

    public string Path => _folder.Path;

    /// <summary>What was said, a line each.</summary>
    public List<string> Said { get; } = [];

    /// <summary>All of it.</summary>
    public string AllSaid => string.Join('\n', Said);

    public string In(string path) => _folder[path.Split('/')];

    /// <summary>Writes images of 5 × 4 pixels, no two with the same bytes, named 0.png, 1.png, ….</summary>
    public LabelledFolder Fill(string folder, int images)
    {
        Directory.CreateDirectory(In(folder));
        for (var index = 0; index < images; index++)
            Write($"{folder}/{index}.png", Image());
        return this;
    }

    public LabelledFolder Write(string path, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(path))!);
        File.WriteAllBytes(In(path), content);
        return this;
    }

    public LabelledFolder Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public LabelledFolder Link(string path, string target)
    {
        File.CreateSymbolicLink(In(path), target);
        return this;
    }

    /// <summary>A PNG that no other call gave.</summary>
    public byte[] Image()
    {
        var pixels = TestImages.Smooth(5, 4);
        pixels[0] = _next++;
        return TestImages.Png(pixels, 5, 4);
    }

    public DataLocation At(bool recursive = false, bool skipUnreadable = false, string? csv = null) =>
        new(Path, csv, recursive, skipUnreadable);

    /// <summary>As to train on, with every file checked, or as a whole.</summary>
    public DataSet Open(bool recursive = false, bool skipUnreadable = false, bool whole = false, string? csv = null) =>
        whole
            ? DataSet.Open(At(recursive, skipUnreadable, csv), Said.Add, whole: true)
            : DataSet.OpenChecked(At(recursive, skipUnreadable, csv), Said.Add);

    public string Refusal(bool recursive = false, bool skipUnreadable = false, string? csv = null) =>
        Xunit.Assert.Throws<InvalidDataException>(() => Open(recursive, skipUnreadable, csv: csv)).Message;

    /// <summary>The files of a part, in its order.</summary>
    public static string?[] Files(IImageSource part) => [.. Enumerable.Range(0, part.Count).Select(part.FileOf)];

    /// <summary>How many images of each class a part has.</summary>
    public static int[] Counts(DataSet data, IImageSource part) =>
        [.. data.Labels.Select((_, label) => Enumerable.Range(0, part.Count).Count(index => part.LabelOf(index) == label))];

    public void Dispose() => _folder.Dispose();
}
