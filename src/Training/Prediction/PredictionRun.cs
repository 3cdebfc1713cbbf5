using System.Threading.Channels;
using Saccade.Inference.Bundles;
using Saccade.Training.Serving;

namespace Saccade.Training.Prediction;

/// <summary>
/// Asks the engine about every image of a share that has no row yet, so many at once that its batches are full and no more, and writes a
/// row for each in the order of the images. An image that fails has a row too and ends nothing.
/// </summary>
internal sealed class PredictionRun
{
    private const long MostBytes = 256L << 20;

    private readonly LocalEngine _engine;
    private readonly Question _question;
    private readonly PredictionSettings _settings;
    private readonly Shard _shard;
    private readonly ResultFile _result;
    private readonly ByteBudget _bytes = new(MostBytes);

    /// <summary>Fixes what is asked.</summary>
    /// <param name="engine">Who answers.</param>
    /// <param name="question">What is asked about each image.</param>
    /// <param name="normalise">Whether embeddings are to have the length 1.</param>
    /// <param name="result">Where the whole result goes; a share of it goes beside it.</param>
    /// <param name="shard">Which share.</param>
    /// <exception cref="InvalidDataException">The model cannot be asked that.</exception>
    public PredictionRun(LocalEngine engine, Question question, bool normalise, ResultFile result, Shard shard)
    {
        (_engine, _question, _shard) = (engine, question, shard);
        _result = new ResultFile(shard.FileOf(result.Path));
        _ = result.Format;
        CropPlans.Require([question.Crops], engine.CropModes);
        if (question.IncludeFeatures && engine.FeaturesSize == 0)
            throw new InvalidDataException(
                engine.Members.Count > 1
                    ? $"'{engine.Links.Model}' is an ensemble: each of its members has features of its own; ask one of them."
                    : $"'{engine.Links.Model}' does not give its features: export it with --with-features."
            );
        _settings = new(
            engine.Links.Model,
            engine.Links.Fingerprint(),
            question.Crops.ToString(),
            Math.Min(question.TopK ?? int.MaxValue, engine.Labels.Count),
            question.IncludeFeatures ? engine.FeaturesSize : 0,
            normalise && question.IncludeFeatures,
            engine.IsMultiLabel
        );
    }

    /// <summary>The file of the share.</summary>
    public ResultFile Result => _result;

    /// <summary>Computes what is missing, and completes the result.</summary>
    /// <param name="images">All images, of all shares. Gone through once; only those of the share are kept.</param>
    /// <param name="progress">Told after every row.</param>
    /// <param name="cancellation">Stops; what is written by then stays.</param>
    /// <returns>What the complete result holds.</returns>
    /// <exception cref="InvalidDataException">The file holds rows of other settings, or of images that are not asked about; it is left as
    /// it is.</exception>
    public async Task<PredictionNote> RunAsync(
        IEnumerable<InputImage> images,
        Action<PredictionProgress> progress,
        CancellationToken cancellation
    )
    {
        var before = Before();
        var (own, note) = Take(images);
        if (before is { Rows: not null } && IsDone(before, own, note))
        {
            File.Delete(_result.Partial);
            return before;
        }

        if (Path.GetDirectoryName(_result.Path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        using var partial = PartialResult.Open(_result.Partial);
        RequireOwn(_result.Partial, partial.Paths, own);
        note.Write(_result.Note);
        await ComputeAsync([.. own.Values], partial, progress, cancellation);

        note = note with { Rows = partial.Names, Failures = partial.Failures };
        partial.FlushToDisk();
        note.Write(_result.Note);
        partial.Complete(_result, _settings);
        return note;
    }

    private (OrderedDictionary<string, InputImage> Own, PredictionNote Note) Take(IEnumerable<InputImage> images)
    {
        OrderedDictionary<string, InputImage> own = new(StringComparer.Ordinal);
        var (all, repeats) = (default(NameSet), default(NameSet));
        foreach (var image in images)
        {
            all = all.With(image.Name);
            if (!_shard.Holds(image.Name))
                continue;
            if (!own.TryAdd(image.Name, image))
                repeats = repeats.With(image.Name);
        }

        return (own, new(_settings, _shard.ToString(), all) { Repeats = repeats });
    }

    /// <summary>What an earlier run has noted, which must have been of the same settings. What was noted of a result that is gone does not
    /// count, nor does a file that was begun and has nothing in it.</summary>
    private PredictionNote? Before()
    {
        if (!File.Exists(_result.Path) && new FileInfo(_result.Partial) is not { Exists: true, Length: > 0 })
            return null;
        var before = PredictionNote.Read(_result.Note);
        if (before is null)
            throw new InvalidDataException($"'{_result.Path}' is there, and no run has noted what it is of. Give another --out.");
        if (before.Settings != _settings || before.Shard != _shard.ToString())
            throw new InvalidDataException(
                $"'{_result.Path}' is of another model or of other settings ('{_result.Note}' says which). Give another --out."
            );
        return before;
    }

    /// <summary>Whether there is nothing to do. JSON lines that are complete are gone on with, where there are other images or some may be
    /// tried again.</summary>
    private bool IsDone(PredictionNote complete, OrderedDictionary<string, InputImage> own, PredictionNote now)
    {
        if (!File.Exists(_result.Path))
            return false;
        var same = (complete.Inputs, complete.Repeats) == (now.Inputs, now.Repeats);
        if (_result.Format == ResultFormat.JsonLines && !(same && complete.HasOnlyLastingFailures))
        {
            RequireOwn(_result.Path, JsonLines.Rows(_result.Path).Select(row => row.Path), own);
            File.Move(_result.Path, _result.Partial, overwrite: true);
            return false;
        }

        return same ? true : throw new InvalidDataException($"'{_result.Path}' is complete, and of other images. Give another --out.");
    }

    /// <summary>Refuses rows of images that are not asked about, before anything is computed or altered.</summary>
    private static void RequireOwn(string file, IEnumerable<string> rows, OrderedDictionary<string, InputImage> own)
    {
        var others = rows.Where(row => !own.ContainsKey(row)).Take(2).ToArray();
        if (others.Length > 0)
            throw new InvalidDataException(
                $"'{file}' has a row of '{others[0]}'{(others.Length > 1 ? " and of others" : "")}, which is not asked about. Give another "
                    + "--out."
            );
    }

    private async Task ComputeAsync(
        List<InputImage> own,
        PartialResult partial,
        Action<PredictionProgress> progress,
        CancellationToken cancellation
    )
    {
        var todo = own.FindAll(image => !partial.Holds(image.Name));
        var before = own.Count - todo.Count;
        var (computed, failed) = (0, 0);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // One reader, which keeps the order; as many images are under way as have room here.
        var rows = Channel.CreateBounded<Task<PredictionRow>>(
            new BoundedChannelOptions(LocalEngine.AtOnce(_question)) { SingleReader = true, SingleWriter = true }
        );
        var asking = AskAsync(todo, rows.Writer, stop.Token);
        try
        {
            await foreach (var answer in rows.Reader.ReadAllAsync(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                var row = await answer;
                partial.Append(row);
                failed += row.Error is null ? 0 : 1;
                progress(new(before + ++computed, own.Count, computed, failed));
            }

            await asking;
        }
        finally
        {
            await stop.CancelAsync();
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(List<InputImage> images, ChannelWriter<Task<PredictionRow>> rows, CancellationToken cancellation)
    {
        try
        {
            foreach (var image in images)
            {
                await rows.WaitToWriteAsync(cancellation);
                var bytes = SizeOf(image);
                await _bytes.TakeAsync(bytes, cancellation);
                await rows.WriteAsync(Task.Run(() => PredictAsync(image, bytes, cancellation), CancellationToken.None), cancellation);
            }
        }
        finally
        {
            rows.Complete();
        }
    }

    private async Task<PredictionRow> PredictAsync(InputImage image, long bytes, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(image, bytes, cancellation) switch
            {
                (var content, null) => PredictionRow.Of(
                    image.Name,
                    await _engine.AskAsync(content, _question, cancellation),
                    _settings.Normalise
                ),
                (_, var error) => new(image.Name) { Error = error },
            };
        }
        finally
        {
            _bytes.Give(bytes);
        }
    }

    private static async Task<(byte[] Content, PredictionError? Error)> ReadAsync(
        InputImage image,
        long bytes,
        CancellationToken cancellation
    )
    {
        try
        {
            // Pipes and devices have no length either, and reading one might never end.
            return (bytes == 0 && File.Exists(image.Path) ? [] : await File.ReadAllBytesAsync(image.Path, cancellation), null);
        }
        // An argument is wrong where a list names what no file can be called.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ([], PredictionError.Of(error));
        }
    }

    private static long SizeOf(InputImage image) =>
        File.Exists(image.Path) && new FileInfo(image.Path) is { Exists: true } file ? file.Length : 0;
}
