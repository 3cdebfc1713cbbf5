using Saccade.Inference.Bundles;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Bundles;

/// <summary>What counts as a version, and what is found and passed over.</summary>
public sealed class ModelRepositoryTests : IDisposable
{
    private readonly TempModels _models = new();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("1", 1)]
    [InlineData("20240101120000", 20240101120000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void TryParseVersion_DigitsWithoutALeadingZero_IsTheNumber(string text, long expected)
    {
        Assert.True(ModelRepository.TryParseVersion(text, out var version));
        Assert.Equal(expected, version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("1\0")]
    [InlineData("\01")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1_000")]
    [InlineData("0x1")]
    [InlineData("١")] // a digit, though not an ASCII one
    [InlineData("9223372036854775808")]
    [InlineData("latest")]
    public void TryParseVersion_AnythingElse_IsNone(string text) => Assert.False(ModelRepository.TryParseVersion(text, out _));

    [Fact]
    public void Scan_Versions_AreSortedAsNumbers()
    {
        _models.Colors("b", "20240101120000").Colors("b", "9").Colors("b", "10").Colors("a", "2147483648");

        var versions = ModelRepository.Scan(_models.Path)!.Versions;

        Assert.Equal(["a/2147483648", "b/9", "b/10", "b/20240101120000"], versions.Select(found => $"{found.Name}/{found.Version}"));
    }

    [Theory]
    [InlineData("loose.onnx", "loose.onnx", "loose/1/model.onnx")]
    [InlineData("manifest.json", "manifest.json", "<version>")]
    [InlineData("x/model.onnx", "x/model.onnx", "x/1/")]
    [InlineData("x/RESNET.ONNX", "x/RESNET.ONNX", "x/1/")]
    [InlineData("x/ensemble.json", "x/ensemble.json", "x/1/")]
    [InlineData("x/v1/model.onnx", "x/v1", "rename")]
    [InlineData("x/01/model.onnx", "x/01", "rename")]
    [InlineData("x/99999999999999999999/model.onnx", "x/99999999999999999999", "rename")]
    [InlineData("group/x/1/model.onnx", "group/x", "rename")]
    [InlineData("x/readme.txt", "x", "holds no version")]
    [InlineData(".x/1/model.onnx", ".x", "dot")]
    [InlineData("x\u0007y/1/model.onnx", "x\u0007y", "control")]
    public void Scan_NotWhereAModelIsLookedFor_IsToldWithWhatToDo(string file, string path, string advice)
    {
        Write(file);

        var unserved = Assert.Single(ModelRepository.Scan(_models.Path)!.Unserved);

        Assert.Equal(path, unserved.Path);
        Assert.Contains(advice, unserved.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_NameOfMoreThan128Characters_IsNotServed()
    {
        Write($"{new string('n', 129)}/1/model.onnx");
        Write($"{new string('n', 128)}/1/model.onnx");

        var contents = ModelRepository.Scan(_models.Path)!;

        Assert.Equal(128, Assert.Single(contents.Versions).Name.Length);
        Assert.Contains("128 characters", Assert.Single(contents.Unserved).Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("readme.md")]
    [InlineData(".git/config")]
    [InlineData("x/1/model.onnx")]
    [InlineData("x/1/weights/model.bin")]
    public void Scan_NothingOdd_TellsNothing(string file)
    {
        Write(file);
        Assert.Empty(ModelRepository.Scan(_models.Path)!.Unserved);
    }

    [Fact]
    public void Scan_FolderThatWillBeRenamed_TellsNothing()
    {
        Write("x/1/model.onnx");
        Write("x/2.part/model.onnx");
        Assert.Empty(ModelRepository.Scan(_models.Path)!.Unserved);
    }

    [Fact]
    public void Scan_NoFolderAtAll_IsEmpty()
    {
        Write("readme.md");
        Write(".git/config");
        Assert.True(ModelRepository.Scan(_models.Path)!.IsEmpty);
        Directory.CreateDirectory(Path.Combine(_models.Path, "x"));
        Assert.False(ModelRepository.Scan(_models.Path)!.IsEmpty);
        Assert.Null(ModelRepository.Scan(Path.Combine(_models.Path, "nowhere")));
    }

    private void Write(string file)
    {
        var path = Path.Combine(_models.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
    }
}
