using Saccade.Inference.Bundles;
using Saccade.TestSupport;
using Saccade.Training.Prediction;
using Saccade.Training.Serving;

namespace Saccade.Training.Tests.Prediction;

/// <summary>Images of one colour each, models that name it, and runs over them.</summary>
internal sealed class PredictedFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempModels _models = new TempModels()
        .Featured("featured")
        .Colors("plain")
        .MultiLabel("several", threshold: 0.5)
        .Ensemble("both", """{"members":[{"model":"featured"},{"model":"plain"}]}""");

    public string Images => _folder["images"];

    public string this[string name] => _folder[name];

    public string Model(string name) => Path.Combine(_models.Path, name, "1");

    /// <summary>Writes images, numbered from <paramref name="first"/>.</summary>
    public PredictedFolder With(int count, int first = 0, int side = 8)
    {
        Directory.CreateDirectory(Path.Combine(Images, "deep"));
        for (var number = first; number < first + count; number++)
        {
            var (red, green, blue) = Colour(number);
            File.WriteAllBytes(Path.Combine(Images, Name(number)), TestModels.Image(red, green, blue, side));
        }

        return this;
    }

    public static string Name(int number) => number % 3 == 0 ? $"deep/{number:00000}.png" : $"{number:00000}.png";

    public static (byte Red, byte Green, byte Blue) Colour(int number) =>
        ((byte)(number * 7 % 256), (byte)(number * 13 % 256), (byte)(number * 29 % 256));

    /// <summary>Predicts the images.</summary>
    /// <returns>The note, and how many images this run computed.</returns>
    public async Task<(PredictionNote Note, long Computed)> RunAsync(
        string result,
        string model = "featured",
        string shard = "0/1",
        CropMode crops = default,
        bool embeddings = false,
        bool normalise = false,
        Action<PredictionProgress>? told = null,
        IEnumerable<InputImage>? images = null,
        CancellationToken cancellation = default
    )
    {
        var computed = 0L;
        await using var engine = await LocalEngine.StartAsync(Model(model), threads: 1);
        PredictionRun run = new(
            engine,
            new()
            {
                Crops = crops == default ? CropMode.Single : crops,
                TopK = 2,
                IncludeFeatures = embeddings,
            },
            normalise,
            new ResultFile(_folder[result]),
            Shard.Parse(shard)!
        );
        var note = await run.RunAsync(
            images ?? InputImages.Find([Images], _ => { }),
            progress =>
            {
                computed = progress.Computed;
                told?.Invoke(progress);
            },
            cancellation
        );
        return (note, computed);
    }

    public PredictionRow[] Rows(string result) => [.. JsonLines.Rows(_folder[result])];

    public void Dispose()
    {
        _folder.Dispose();
        _models.Dispose();
    }
}
