using System.Numerics.Tensors;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Ensembles;
using Saccade.Inference.Models;
using Saccade.Inference.Queueing;

namespace Saccade.Inference.Looks;

/// <summary>What one model has seen of one picture, and what it is about to look at.</summary>
internal sealed class MemberLooks(PanelMember member) : IDisposable
{
    private readonly LookSequence _looks = new();
    private readonly List<float[]> _logits = [];
    private ScoreAggregator? _scores;
    private CropPlan? _plan;
    private PendingRequest? _pending;
    private int _reserved;

    /// <summary>What it is called in the answer.</summary>
    public string Name => member.Name;

    /// <summary>How much it counts.</summary>
    public double Weight => member.Weight;

    /// <summary>What answers for it. Set once it has room, and not changed after: every look is by the same network.</summary>
    public ModelRuntime? Runtime { get; private set; }

    /// <summary>Why it can be asked no more; null while it can.</summary>
    public ClassifyFailure? Failure { get; private set; }

    /// <summary>Looks so far, repeated ones counted as often as they count.</summary>
    public int Count => _scores is null ? 0 : _looks.Count;

    /// <summary>What each computed look showed of a picture of that full size.</summary>
    public IReadOnlyList<LookWindow> Windows(PixelSize picture) => _looks.Windows(picture);

    /// <summary>Logits of the computed looks by round, [looks, classes] each; empty unless they are to be kept.</summary>
    public IReadOnlyList<float[]> Logits => _logits;

    /// <summary>It can be asked no more.</summary>
    public void Fail(ClassifyFailure failure) => Failure ??= failure;

    /// <summary>Keeps room for the looks to come.</summary>
    /// <param name="mode">The plan that they are of.</param>
    /// <param name="crops">How many there will be at most.</param>
    /// <param name="dueAt">When the last must be done, as a timestamp.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <param name="retryAfter">When trying again makes sense; zero if that is not known.</param>
    /// <returns>Null, or why there is no room.</returns>
    public ClassifyFailure? TryReserve(CropMode mode, int crops, long dueAt, int priority, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        var found = member.Find();
        while (true)
        {
            if ((Runtime ?? found?.Runtime) is { } runtime)
            {
                if (!CropPlans.Has(mode, runtime.Manifest.Preprocessing) || crops > runtime.Queue.Capacity) return ClassifyFailure.UnsupportedCrops;
                var refusal = runtime.TryReserve(crops, dueAt, priority, out retryAfter);
                if (refusal is null) (Runtime, _reserved) = (runtime, crops);
                if (refusal != ClassifyFailure.ShuttingDown || Runtime is not null || member.Find()?.Runtime == runtime) return refusal;
            }

            // Retired between being found and being asked: what takes its place was put there before, so look again.
            var next = member.Find();
            if (next == found && next?.Runtime is null) return ClassifyFailure.NotReady;
            found = next;
        }
    }

    /// <summary>How long it would take to look so many times more, by what runs have cost so far.</summary>
    public TimeSpan TimeToLook(int crops, long dueAt, int priority) =>
        (Runtime ?? member.Find()?.Runtime)?.Queue.TimeToServe(crops, dueAt, priority) ?? TimeSpan.Zero;

    /// <summary>The crops of a plan, for a picture.</summary>
    public CropPlan Plan(CropMode mode, DecodedImage image) => CropPlan.Create(mode, image, Runtime!.Manifest.Input, Runtime.Manifest.Preprocessing);

    /// <summary>What of a plan is still to be computed.</summary>
    public CropPlan Fresh(CropPlan plan) => _looks.Fresh(plan);

    /// <summary>Takes a plan in of which nothing is still to be computed.</summary>
    public void Repeat(CropPlan plan) => _looks.Add(plan);

    /// <summary>The shorter side below which the picture should not be read at a fraction of its size.</summary>
    public int MinShorterSide(CropMode mode) => (Runtime ?? member.Find()?.Runtime)?.Manifest is { } manifest && CropPlans.Has(mode, manifest.Preprocessing)
        ? CropPlan.MinShorterSide(mode, manifest.Input, manifest.Preprocessing)
        : 0;

    /// <summary>Prepares the crops that are still to be computed, for <see cref="LookAsync"/> to have them run.</summary>
    /// <param name="plan">The whole plan of this round.</param>
    /// <param name="picture">A share in the pixels of its <see cref="Fresh"/> part.</param>
    /// <param name="visit">The request.</param>
    /// <param name="dueAt">When the last must be done, as a timestamp.</param>
    public void Prepare(CropPlan plan, ResizedPicture picture, Visit visit, long dueAt)
    {
        var (layout, manifest) = (Runtime!.Layout, Runtime.Manifest);
        var crops = new PreparedCrops(picture, manifest.Input, manifest.Preprocessing);
        _plan = plan;
        _pending = new PendingRequest(crops.Count, layout.Classes, crops, dueAt, visit.Request.Priority)
        {
            Trace = visit.Trace,
            Reserved = _reserved,
            IsRehearsal = visit.Request.IsRehearsal,
        };
    }

    /// <summary>Has the prepared crops run, and takes their scores in.</summary>
    /// <returns>Where the time went, or why there are no scores.</returns>
    public async Task<(long EnqueuedAt, RequestResult Result)> LookAsync(bool keepLogits, CancellationToken cancellationToken)
    {
        var pending = _pending!;
        (_pending, _reserved) = (null, 0);
        var result = await Runtime!.Queue.SubmitAsync(pending, cancellationToken);
        if (result.Failure is null && !TryAdd(pending, keepLogits)) result = result with { Failure = ClassifyFailure.ModelFailed };
        return (pending.EnqueuedAt, result);
    }

    /// <summary>Adds the mean of its looks, weighted, to a sum.</summary>
    public void AddTo(Span<float> sum, Span<float> scratch)
    {
        _scores!.WriteMean(scratch, _looks.Times);
        TensorPrimitives.MultiplyAdd(scratch, (float)member.Weight, sum, sum);
    }

    /// <summary>The share of its looks that say <paramref name="index"/>.</summary>
    public double Agreement(int index) => _scores!.Agreement(index, _looks.Times);

    /// <summary>Gives back room that was kept and not used.</summary>
    public void Release()
    {
        _pending?.ReleasePixels();
        _pending = null;
        if (_reserved > 0) Runtime!.Queue.Release(_reserved);
        _reserved = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _scores?.Dispose();
    }

    private bool TryAdd(PendingRequest pending, bool keepLogits)
    {
        _scores ??= new ScoreAggregator(Runtime!.Layout.Classes, Runtime.Manifest.Calibration?.Temperature ?? 1);
        var before = _scores.Count;
        foreach (var crop in pending.Crops)
        {
            if (_scores.TryAdd(crop.Logits)) continue;
            _scores.Truncate(before);
            return false;
        }

        _looks.Add(_plan!);
        if (keepLogits) _logits.Add(pending.Logits.ToArray());
        return true;
    }
}
