using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

/// <summary>What a run that was killed leaves behind, and what the next makes of it.</summary>
public sealed class PartialResultTests : IDisposable
{
    private static readonly PredictionSettings Settings = new("colors", "00", "1", Top: 1, EmbeddingSize: 0, Normalise: false);

    private readonly TempFolder _folder = new();

    private ResultFile Result => new(_folder["x.jsonl"]);

    public void Dispose() => _folder.Dispose();

    /// <summary>Cut after every byte that a kill can leave as the last.</summary>
    [Fact]
    public void Open_LastLineTorn_CutsItOffAndGoesOn()
    {
        using (var partial = PartialResult.Open(Result.Partial))
        {
            partial.Append(Row("a.jpg"));
            partial.Append(Row("b.jpg"));
        }

        var whole = File.ReadAllBytes(Result.Partial);
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Result.Partial, whole[..length]);
            using (var partial = PartialResult.Open(Result.Partial))
            {
                Assert.Equal((length >= first, false), (partial.Holds("a.jpg"), partial.Holds("b.jpg")));
                if (!partial.Holds("a.jpg"))
                    partial.Append(Row("a.jpg"));
                partial.Append(Row("b.jpg"));
            }

            Assert.Equal(whole, File.ReadAllBytes(Result.Partial));
        }
    }

    [Fact]
    public void Open_LineThatIsNoRow_IsNamed()
    {
        File.WriteAllText(Result.Partial, "{\"path\":\"a.jpg\"}\nnonsense\n{\"path\":\"b.jpg\"}\n");

        var error = Assert.Throws<InvalidDataException>(() => PartialResult.Open(Result.Partial));

        Assert.Equal($"'{Result.Partial}': line 2 is no row.", error.Message);
    }

    [Fact]
    public void Open_TwoRowsOfAnImage_AreRefused()
    {
        File.WriteAllText(Result.Partial, "{\"path\":\"a.jpg\"}\n{\"path\":\"a.jpg\"}\n");

        var error = Assert.Throws<InvalidDataException>(() => PartialResult.Open(Result.Partial));

        Assert.Equal($"'{Result.Partial}': line 2 is the second of 'a.jpg'.", error.Message);
    }

    [Fact]
    public void Open_WhileAnotherRunWrites_IsRefused()
    {
        using var partial = PartialResult.Open(Result.Partial);

        Assert.Throws<IOException>(() => PartialResult.Open(Result.Partial));
    }

    [Fact]
    public void Complete_ImageThatFailedOutsideItself_HasItsLastRowOnly()
    {
        using (var partial = PartialResult.Open(Result.Partial))
        {
            partial.Append(Row("a.jpg") with { Error = new("out-of-memory", "There was none.") });
            partial.Append(Row("b.jpg") with { Error = new("invalid-image", "It is damaged.") });
            Assert.Equal(2, partial.Names.Count);
        }

        using (var partial = PartialResult.Open(Result.Partial))
        {
            Assert.Equal((false, true), (partial.Holds("a.jpg"), partial.Holds("b.jpg")));
            partial.Append(Row("a.jpg"));
            Assert.Equal(["invalid-image"], partial.Failures.Keys);
            partial.Complete(Result, Settings);
        }

        Assert.Equal([("b.jpg", "invalid-image"), ("a.jpg", null)], JsonLines.Rows(Result.Path).Select(row => (row.Path, row.Error?.Code)));
        Assert.False(File.Exists(Result.Partial));
    }

    private static PredictionRow Row(string name) => new(name) { Crops = 1, Predictions = [new("grün", 1, 0.75)] };
}
