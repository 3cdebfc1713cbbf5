using Saccade.Training.Import;
using Xunit;

namespace Saccade.Training.Tests.Weights;

public sealed class LabelFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Usual_ImageNet_HasItsClassesInOrder()
    {
        var labels = LabelFile.Usual(1000);

        Assert.Equal(1000, labels.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(("tench", "tabby", "toilet tissue"), (labels[0], labels[281], labels[999]));
        Assert.Equal(("background", "tench"), (LabelFile.Usual(1001)[0], LabelFile.Usual(1001)[1]));
        Assert.Equal(["class 0", "class 1"], LabelFile.Usual(2));
    }

    [Theory]
    [InlineData("cat\ndog\n")]
    [InlineData("cat\r\n dog ")]
    [InlineData("""["cat", "dog"]""")]
    public void Read_EitherForm_GivesTheNames(string content)
    {
        File.WriteAllText(_folder["labels"], content);

        Assert.Equal(["cat", "dog"], LabelFile.Read(_folder["labels"], 2));
    }

    [Theory]
    [InlineData("cat\n", "has 1 labels; the network has 2 classes")]
    [InlineData("cat\n\n", "has 1 labels; the network has 2 classes")]
    [InlineData("\ndog", "label 1 is empty")]
    [InlineData("""["cat", null]""", "label 2 is empty")]
    [InlineData("""["cat", 3]""", "is no JSON array of names")]
    public void Read_NotOneNameAClass_SaysSo(string content, string complaint)
    {
        File.WriteAllText(_folder["labels"], content);

        Assert.Contains(
            complaint,
            Assert.Throws<InvalidDataException>(() => LabelFile.Read(_folder["labels"], 2)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_NoFile_SaysSo() => Assert.Throws<InvalidDataException>(() => LabelFile.Read(_folder["none"], 2));
}
