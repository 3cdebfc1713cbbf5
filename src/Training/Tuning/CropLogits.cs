using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Serving;

namespace Saccade.Training.Tuning;

/// <summary>Every model's logits for every crop of the images: computed once through the engine, then enough to tell what any plan or
/// schedule would have answered.</summary>
internal sealed class CropLogits : IDisposable
{
    private const int ImagesInIdentity = 16;

    private readonly LocalEngine _engine;
    private readonly IReadOnlyList<CropMode> _plans;
    private readonly IImageSource _source;
    private readonly CropLogitsFile[] _files;

    private CropLogits(LocalEngine engine, IReadOnlyList<CropMode> plans, IImageSource source, CropLogitsFile[] files) =>
        (_engine, _plans, _source, _files) = (engine, plans, source, files);

    /// <summary>Computes the logits of every image by every plan and model, but for those that a folder has from before.</summary>
    /// <param name="engine">The models.</param>
    /// <param name="source">The images.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <param name="onImages">Told the number of images done, all models together.</param>
    /// <param name="cancellation">Stops; what has been computed stays.</param>
    public static async Task<CropLogits> GatherAsync(
        LocalEngine engine,
        IImageSource source,
        IReadOnlyList<CropMode> plans,
        string folder,
        Action<long> onImages,
        CancellationToken cancellation
    )
    {
        var data = IdentityOf(source);
        var files = new List<CropLogitsFile>();
        try
        {
            foreach (var bundle in engine.Links.Bundles.Zip(engine.Members))
            {
                var identity =
                    $"{{\"model\":{Json(bundle.Second.Manifest!)},\"plans\":\"{string.Join(',', plans)}\",\"images\":\"{data}\"}}";
                var count = source.Count.ToString(CultureInfo.InvariantCulture);
                var name = $"{bundle.First.Model}-{bundle.First.Version}-{count}-by-{string.Join('-', plans)}.crops";
                files.Add(CropLogitsFile.Open(Path.Combine(folder, name), identity));
            }

            var collection = new CropLogits(engine, plans, source, [.. files]);
            await collection.GatherAsync(onImages, cancellation);
            return collection;
        }
        catch
        {
            foreach (var file in files)
                file.Dispose();
            throw;
        }
    }

    /// <summary>A table of some of the images.</summary>
    /// <param name="members">The models, in the engine's order.</param>
    /// <param name="images">Which images.</param>
    public ScoreTable Table(IReadOnlyList<TableMember> members, IReadOnlyList<int> images) =>
        ScoreTable.Of(members, _files, _plans, images, [.. images.Select(_source.LabelOf)]);

    /// <summary>The logits of the centre crop.</summary>
    /// <param name="member">The model, by its place in the engine's order.</param>
    /// <param name="images">Indices of the images.</param>
    public IReadOnlyList<float[]> SingleCrop(int member, IReadOnlyList<int> images)
    {
        var manifest = _engine.Members[member].Manifest!;
        var selections = new CropSelections(manifest, _plans, chain: []);
        var classes = manifest.Labels.Count;
        return
        [
            .. images.Select(image =>
            {
                var crops = _files[member].Read(image);
                var single = selections.Of(crops.Width, crops.Height).Plans[CropMode.Single].Indices[0];
                return crops.Logits.AsSpan(single * classes, classes).ToArray();
            }),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private async Task GatherAsync(Action<long> onImages, CancellationToken cancellation)
    {
        var done = 0L;
        var rounds = new EarlyExitPolicy { Rounds = [.. _plans.Select(plan => new EarlyExitRound(plan.ToString()))] };
        for (var member = 0; member < _files.Length; member++)
        {
            var file = _files[member];
            int[] missing = [.. Enumerable.Range(0, _source.Count).Where(image => !file.Holds(image))];
            onImages(done += _source.Count - missing.Length);
            var question = new Question
            {
                Of = _engine.Links.Bundles[member],
                Crops = CropMode.Auto,
                EarlyExit = rounds,
                IncludeCropScores = true,
            };
            await _engine.AskAsync(
                _source,
                missing,
                question,
                (image, answer) =>
                {
                    float[] logits = [.. answer.CropScores[0].Rounds.SelectMany(round => round)];
                    file.Add(new(image, answer.ImageSize.Width, answer.ImageSize.Height, logits));
                    onImages(++done);
                },
                cancellation
            );
        }
    }

    // The temperature is applied later: fitting it again changes no logit.
    private static string Json(ModelManifest manifest) =>
        JsonSerializer.Serialize(
            new
            {
                manifest.Sha256,
                manifest.Input,
                manifest.Preprocessing,
            }
        );

    private static string IdentityOf(IImageSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] labels = [.. Enumerable.Range(0, source.Count).Select(source.LabelOf)];
        hash.AppendData(MemoryMarshal.AsBytes<int>(labels));
        for (var index = 0; index < Math.Min(ImagesInIdentity, source.Count); index++)
        {
            using var image = source.Load(index);
            hash.AppendData(image.Pixels);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
