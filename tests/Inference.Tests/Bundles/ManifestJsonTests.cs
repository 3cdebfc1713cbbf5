using System.Text;
using Saccade.Inference.Bundles;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Bundles;

public sealed class ManifestJsonTests
{
    private static readonly byte[] Sound = File.ReadAllBytes(Path.Combine(TestModels.Path, "colors", "1", "manifest.json"));

    [Fact]
    public void Read_Written_IsTheSame()
    {
        var manifest = ManifestJson.Read(Sound) with
        {
            Accuracy = new("made up, 10 images", 10, new Dictionary<string, double> { ["1"] = 0.5, ["10"] = 0.75 }),
            Parity = new(1e-6, 8),
            Features = new("features", 1024),
            Provenance = new Dictionary<string, string> { ["command"] = "make" },
        };

        var again = ManifestJson.Read(ManifestJson.Write(manifest));

        Assert.Equivalent(manifest, again, strict: true);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2")]
    [InlineData("\"height\": 8", "\"height\": 0", "height")]
    [InlineData("\"resizeShorterSide\": 8", "\"resizeShorterSide\": 7", "resizeShorterSide")]
    [InlineData("\"multiCropShorterSide\": 12", "\"multiCropShorterSide\": 7", "multiCropShorterSide")]
    [InlineData("\"scale\": 1", "\"scale\": 0", "scale")]
    [InlineData("\"name\": \"input\"", "\"name\": \"\"", "input.name")]
    [InlineData("\"output\": \"logits\"", "\"output\": \"\"", "output")]
    [InlineData("\"sha256\": \"", "\"sha256\": \"zz", "sha256")]
    [InlineData("\"output\": \"logits\"", "\"output\": \"logits\", \"features\": {\"output\": \"logits\", \"size\": 3}", "features")]
    [InlineData("\"output\": \"logits\"", "\"output\": \"logits\", \"features\": {\"output\": \"pooled\", \"size\": 0}", "features")]
    [InlineData("float32", "float33", "cannot be read")]
    [InlineData("\"labels\"", "\"names\"", "labels")]
    [InlineData("{", "", "cannot be read")]
    public void Read_OneThingWrong_IsNamed(string find, string replace, string named)
    {
        var text = Encoding.UTF8.GetString(Sound);
        Assert.Contains(find, text, StringComparison.Ordinal);
        var at = text.IndexOf(find, StringComparison.Ordinal);
        var broken = string.Concat(text.AsSpan(0, at), replace, text.AsSpan(at + find.Length));

        var error = Assert.Throws<InvalidDataException>(() => ManifestJson.Read(Encoding.UTF8.GetBytes(broken)));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralThingsWrong_NamesThemAll()
    {
        var text = Encoding
            .UTF8.GetString(Sound)
            .Replace("\"format\": 1", "\"format\": 9", StringComparison.Ordinal)
            .Replace("\"scale\": 1", "\"scale\": -1", StringComparison.Ordinal);

        var error = Assert.Throws<InvalidDataException>(() => ManifestJson.Read(Encoding.UTF8.GetBytes(text)));

        Assert.Contains("format 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("scale", error.Message, StringComparison.Ordinal);
    }
}
