using System.Globalization;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Inference.Models;
using Saccade.Training.Data;

namespace Saccade.Training.Serving;

/// <summary>The engine of the service, in this process: what is measured here is what is served.</summary>
internal sealed class LocalEngine : IAsyncDisposable
{
    private const int CropsAtOnce = 128;

    // The engine refuses an image where so many wait for memory to decode in already.
    private const int ImagesAtOnce = 128;
    private const int CropsOfAuto = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly EngineServices _services;
    private readonly ModelLinks _links;

    private LocalEngine(EngineServices services, ModelLinks links) => (_services, _links) = (services, links);

    /// <summary>The models that answer: the bundle, or the ensemble's members in their order.</summary>
    public IReadOnlyList<ModelStatus> Members { get; private set; } = [];

    /// <summary>What they are called in answers.</summary>
    public IReadOnlyList<string> MemberNames => _links.Ensemble?.MemberNames ?? [_links.Model];

    public ModelLinks Links => _links;

    /// <summary>Class names by output index.</summary>
    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>Plans of crops that it can be asked for.</summary>
    public IReadOnlyList<CropMode> CropModes { get; private set; } = [];

    /// <summary>Whether labels do not exclude each other, so that each is selected or not.</summary>
    public bool IsMultiLabel => Members[0].Manifest?.Threshold is not null;

    /// <summary>Numbers in the features of an image; 0 where the model gives none, as an ensemble never does.</summary>
    public int FeaturesSize => _links.Ensemble is null ? Members[0].Manifest?.Features?.Size ?? 0 : 0;

    /// <summary>Loads a bundle or an ensemble.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="threads">Threads that compute at once; 0 leaves the choice to the engine.</param>
    /// <exception cref="InvalidDataException">It cannot be served; the message is the engine's.</exception>
    public static async Task<LocalEngine> StartAsync(string folder, int threads)
    {
        var links = ModelLinks.To(folder);
        var engine = new LocalEngine(new EngineServices(Settings(links, threads)), links);
        try
        {
            await engine.LoadAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks about images, so many at once that batches fill.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="images">Which.</param>
    /// <param name="question">What is asked about each.</param>
    /// <param name="answered">Told each image's answer as it comes, one at a time.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="UnreadableImageException">An image file was refused; the message is the engine's.</exception>
    /// <exception cref="InvalidDataException">An image without a file was refused.</exception>
    public async Task AskAsync(
        IImageSource source,
        IReadOnlyList<int> images,
        Question question,
        Action<int, ClassifyAnswer> answered,
        CancellationToken cancellation
    )
    {
        var gate = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce(question), CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            images,
            options,
            async (image, token) =>
            {
                var answer = await ClassifyAsync(source, image, question, token);
                lock (gate)
                    answered(image, answer);
            }
        );
    }

    private async Task<ClassifyAnswer> ClassifyAsync(IImageSource source, int image, Question question, CancellationToken cancellation) =>
        await AskAsync(EncodedImages.Of(source, image), question, cancellation) switch
        {
            ClassifyAnswer answer => answer,
            ClassifyRefusal refusal => throw (
                source.FileOf(image) is { } file
                    ? new UnreadableImageException(file, refusal.Detail)
                    : new InvalidDataException($"Image {image} was refused: {refusal.Detail}")
            ),
            var other => throw new InvalidOperationException($"The engine returned a {other.GetType().Name}."),
        };

    /// <summary>Asks about one image.</summary>
    /// <param name="image">A file's content.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>An answer or a refusal.</returns>
    public Task<ClassifyOutcome> AskAsync(ReadOnlyMemory<byte> image, Question question, CancellationToken cancellation)
    {
        var request = new ClassifyRequest
        {
            Image = image,
            Model = question.Of?.Model ?? _links.Model,
            Version = question.Of?.Version,
            Crops = question.Crops,
            EarlyExit = question.EarlyExit,
            IncludeCropScores = question.IncludeCropScores,
            IncludeFeatures = question.IncludeFeatures,
            TopK = question.TopK ?? Labels.Count,
            Deadline = Patience,
            ArrivedAt = _services.Get<TimeProvider>().GetTimestamp(),
        };
        return _services.Get<ClassificationPipeline>().ClassifyAsync(request, cancellation);
    }

    /// <summary>Images that should be asked about at once: enough to keep every session in full batches, and few enough that the crops that
    /// wait take little memory.</summary>
    public static int AtOnce(Question question)
    {
        var crops = question.Crops.IsAuto ? (question.EarlyExit?.Rounds.Count > 1 ? CropsOfAuto : 1) : question.Crops.Crops;
        return Math.Min(ImagesAtOnce, Math.Max(2 * Environment.ProcessorCount, CropsAtOnce / crops));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _links.Dispose();
    }

    private static Dictionary<string, string?> Settings(ModelLinks links, int threads) =>
        new()
        {
            ["Models:Path"] = links.Path,
            ["Models:Default"] = links.Model,
            ["Execution:Sessions"] = threads.ToString(CultureInfo.InvariantCulture),
            ["Execution:IntraOpThreads"] = threads == 0 ? "0" : "1",
            ["Batching:QueueCapacity"] = "65536",
            ["Batching:DefaultDeadline"] = Patience.ToString("c", CultureInfo.InvariantCulture),
        };

    private async Task LoadAsync()
    {
        var all = (await _services.LoadAsync()).List();
        var asked = all.Single(model => model.Name == _links.Model);
        if (asked.State is not (ModelState.Ready or ModelState.Degraded))
            throw new InvalidDataException(asked.Error ?? $"'{_links.Model}' cannot be served.");
        Members = [.. _links.Bundles.Select(bundle => all.Single(model => model.Name == bundle.Model && model.Version == bundle.Version))];
        (Labels, CropModes) = (asked.Labels!, asked.CropModes);
    }
}

/// <summary>What is asked about an image.</summary>
internal sealed record Question
{
    /// <summary>The crop plan, or <c>auto</c>.</summary>
    public CropMode Crops { get; init; }

    /// <summary>Who: null is the bundle or the ensemble itself.</summary>
    public LinkedBundle? Of { get; init; }

    /// <summary>The rounds of <c>auto</c>; null means the model's own.</summary>
    public EarlyExitPolicy? EarlyExit { get; init; }

    /// <summary>Whether the answer is to hold the scores of every crop.</summary>
    public bool IncludeCropScores { get; init; }

    /// <summary>Whether the answer is to hold the features of the image.</summary>
    public bool IncludeFeatures { get; init; }

    /// <summary>How many predictions; null means one for each class.</summary>
    public int? TopK { get; init; }
}
