using Parquet.Serialization;
using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

public sealed class ResultWriterTests : IDisposable
{
    private static readonly PredictionSettings Settings = new("colors", "00", "1", Top: 2, EmbeddingSize: 2, Normalise: false);

    private static readonly PredictionRow[] Rows =
    [
        new("a, \"b\".jpg")
        {
            Crops = 10,
            Predictions = [new("red", 0, 0.75), new("green", 1, 0.25)],
            Embedding = [0.5f, -1.5f],
        },
        new("broken.png") { Error = new("invalid-image", "Line one,\nline two.") },
        new("c.png")
        {
            Crops = 1,
            Predictions = [new("blue", 2, 1)],
            Embedding = [1e-7f, 3],
        },
    ];

    private static readonly PredictionRow[] MultiLabel =
    [
        new("a.jpg") { Crops = 1, Predictions = [new("red", 0, 0.75, Selected: true), new("green", 1, 0.25, Selected: false)] },
        new("broken.png") { Error = new("invalid-image", "No.") },
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Csv_QuotesWhatNeedsIt()
    {
        ResultWriter.Write(new(_folder["x.csv"]), Rows, Settings);

        Assert.Equal(
            "path,error,detail,crops,label_1,index_1,probability_1,label_2,index_2,probability_2,embedding_0,embedding_1\r\n"
                + "\"a, \"\"b\"\".jpg\",,,10,red,0,0.75,green,1,0.25,0.5,-1.5\r\n"
                + "broken.png,invalid-image,\"Line one,\nline two.\",,,,,,,,,\r\n"
                + "c.png,,,1,blue,2,1,,,,1E-07,3\r\n",
            File.ReadAllText(_folder["x.csv"])
        );
    }

    [Fact]
    public void Write_CsvOfLabelsThatDoNotExcludeEachOther_SaysWhichAreSelected()
    {
        ResultWriter.Write(new(_folder["x.csv"]), MultiLabel, Settings with { EmbeddingSize = 0, IsMultiLabel = true });

        Assert.Equal(
            "path,error,detail,crops,label_1,index_1,probability_1,selected_1,label_2,index_2,probability_2,selected_2\r\n"
                + "a.jpg,,,1,red,0,0.75,true,green,1,0.25,false\r\n"
                + "broken.png,invalid-image,No.,,,,,,,,,\r\n",
            File.ReadAllText(_folder["x.csv"])
        );
    }

    [Fact]
    public async Task Write_ParquetOfLabelsThatDoNotExcludeEachOther_SaysWhichAreSelected()
    {
        ResultWriter.Write(new(_folder["x.parquet"]), [.. MultiLabel, Rows[2]], Settings);

        await using var file = File.OpenRead(_folder["x.parquet"]);
        var read = (await ParquetSerializer.DeserializeAsync<ParquetRow>(file)).Data;
        Assert.Equal([true, false], read[0].Selected);
        Assert.Null(read[1].Selected);
        Assert.Null(read[2].Selected);
    }

    [Fact]
    public void Write_JsonLines_AreReadAsTheyWere()
    {
        PredictionRow[] rows = [.. Rows, .. MultiLabel];

        ResultWriter.Write(new(_folder["x.jsonl"]), rows, Settings);

        Assert.Equivalent(rows, JsonLines.Rows(_folder["x.jsonl"]).ToArray(), strict: true);
    }

    /// <summary>More rows than a group, so that there are several.</summary>
    [Fact]
    public async Task Write_Parquet_IsReadAsItWas()
    {
        const int Many = 25_000;
        PredictionRow[] rows = [.. Rows, .. Enumerable.Range(0, Many).Select(number => Rows[2] with { Path = $"{number}.jpg" })];

        ResultWriter.Write(new(_folder["x.parquet"]), rows, Settings);

        await using var file = File.OpenRead(_folder["x.parquet"]);
        var read = (await ParquetSerializer.DeserializeAsync<ParquetRow>(file)).Data;
        Assert.Equal(rows.Select(row => row.Path), read.Select(row => row.Path));
        Assert.Equivalent(rows.Take(4).Select(ParquetRow.Of), read.Take(4), strict: true);
        Assert.Null(read[1].Labels);
        Assert.Equal("invalid-image", read[1].Error);
    }

    [Fact]
    public void Write_RowsThatEndInAnError_LeaveNothingBehind()
    {
        Assert.Throws<InvalidDataException>(() => ResultWriter.Write(new(_folder["x.csv"]), Broken(), Settings));

        Assert.False(File.Exists(_folder["x.csv"]));

        static IEnumerable<PredictionRow> Broken()
        {
            yield return Rows[0];
            throw new InvalidDataException("no more");
        }
    }

    [Fact]
    public void Format_UnknownEnd_IsRefused()
    {
        var error = Assert.Throws<InvalidDataException>(() => new ResultFile("x.xlsx").Format);

        Assert.Equal("'x.xlsx' is no .jsonl, .csv or .parquet.", error.Message);
    }
}
