using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Serving;

namespace Saccade.Training.Calibration;

/// <summary>What every model said of every look at pictures: gathered once through the engine, then asked about any way of
/// looking.</summary>
internal sealed class LookCollection : IDisposable
{
    private const int PicturesInIdentity = 16;

    private readonly LocalEngine _engine;
    private readonly IReadOnlyList<CropMode> _plans;
    private readonly IImageSource _source;
    private readonly LookFile[] _files;

    private LookCollection(LocalEngine engine, IReadOnlyList<CropMode> plans, IImageSource source, LookFile[] files) =>
        (_engine, _plans, _source, _files) = (engine, plans, source, files);

    /// <summary>Has every model look at every picture by every plan, but for what a folder has from before.</summary>
    /// <param name="engine">The models.</param>
    /// <param name="source">The pictures.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <param name="onImages">Told the number of pictures done by all models together.</param>
    /// <param name="cancellation">Stops; what has been gathered stays.</param>
    public static async Task<LookCollection> GatherAsync(
        LocalEngine engine,
        IImageSource source,
        IReadOnlyList<CropMode> plans,
        string folder,
        Action<long> onImages,
        CancellationToken cancellation
    )
    {
        var data = IdentityOf(source);
        var files = new List<LookFile>();
        try
        {
            foreach (var bundle in engine.Links.Bundles.Zip(engine.Members))
            {
                var identity =
                    $"{{\"model\":{Json(bundle.Second.Manifest!)},\"plans\":\"{string.Join(',', plans)}\",\"pictures\":\"{data}\"}}";
                var count = source.Count.ToString(CultureInfo.InvariantCulture);
                var name = $"{bundle.First.Model}-{bundle.First.Version}-{count}-by-{string.Join('-', plans)}.looks";
                files.Add(LookFile.Open(Path.Combine(folder, name), identity));
            }

            var collection = new LookCollection(engine, plans, source, [.. files]);
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

    /// <summary>A table of some of the pictures.</summary>
    /// <param name="members">Who looked, in the engine's order.</param>
    /// <param name="pictures">Which pictures.</param>
    public LookTable Table(IReadOnlyList<TableMember> members, IReadOnlyList<int> pictures) =>
        LookTable.Of(members, _files, _plans, pictures, [.. pictures.Select(_source.LabelOf)]);

    /// <summary>The logits of the one look at the centre.</summary>
    /// <param name="member">Whose.</param>
    /// <param name="pictures">At which pictures.</param>
    public IReadOnlyList<float[]> SingleLooks(int member, IReadOnlyList<int> pictures)
    {
        var manifest = _engine.Members[member].Manifest!;
        var shapes = new LookShapes(manifest, _plans, chain: []);
        var classes = manifest.Labels.Count;
        return
        [
            .. pictures.Select(picture =>
            {
                var looks = _files[member].Read(picture);
                var single = shapes.Of(looks.Width, looks.Height).Plans[CropMode.Single].Looks[0];
                return looks.Logits.AsSpan(single * classes, classes).ToArray();
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
            int[] missing = [.. Enumerable.Range(0, _source.Count).Where(picture => !file.Holds(picture))];
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
                (picture, answer) =>
                {
                    float[] logits = [.. answer.CropScores[0].Rounds.SelectMany(round => round)];
                    file.Add(new(picture, answer.ImageSize.Width, answer.ImageSize.Height, logits));
                    onImages(++done);
                },
                cancellation
            );
        }
    }

    // The temperature is applied later: a model that is calibrated again has still said the same.
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
        for (var picture = 0; picture < Math.Min(PicturesInIdentity, source.Count); picture++)
        {
            using var image = source.Load(picture);
            hash.AppendData(image.Pixels);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
