using System.Numerics.Tensors;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Classification;

/// <summary>What one model has said of one image so far, and the crops that it is about to run.</summary>
internal sealed class MemberRun(ServingMember member, ModelCatalog catalog) : IDisposable
{
    private readonly CropSequence _sequence = new();
    private readonly List<float[]> _logits = [];
    private ScoreAggregator? _scores;
    private FeatureMean? _features;
    private Reservation? _reservation;
    private PendingRequest? _pending;
    private CropPlan? _plan;

    /// <summary>What it is called in the answer.</summary>
    public string Name => member.Name;

    /// <summary>How much it counts.</summary>
    public double Weight => member.Weight;

    /// <summary>What answers for it. Set once it has room, and not changed after: every crop is run by the same network.</summary>
    public ModelRuntime? Runtime { get; private set; } = member.Only;

    /// <summary>Why it can be asked no more; null while it can.</summary>
    public ClassifyFailure? Failure { get; private set; }

    /// <summary>Crops so far, repeated ones counted as often as they count.</summary>
    public int Count => _scores is null ? 0 : _sequence.Count;

    /// <summary>What each computed crop showed of an image of that full size.</summary>
    public IReadOnlyList<CropWindow> Windows(PixelSize imageSize) => _sequence.Windows(imageSize);

    /// <summary>Logits of the computed crops by round, [crops, classes] each; empty unless they are to be kept.</summary>
    public IReadOnlyList<float[]> Logits => _logits;

    /// <summary>Mean features of the crops so far; there must be one, and they must have been kept.</summary>
    public IReadOnlyList<float> Features => _features!.Mean(_sequence.Times);

    private ModelRuntime? Answering => Runtime ?? catalog.Find(member.Query)?.Runtime;

    /// <summary>It can be asked no more.</summary>
    public void Fail(ClassifyFailure failure) => Failure ??= failure;

    /// <summary>Keeps room for the crops to come.</summary>
    public ReservationResult TryReserve(in RoomDemand demand)
    {
        var result = Runtime is { } runtime ? runtime.TryReserve(demand) : catalog.TryReserve(member.Query, demand);
        if (result.Reservation is { } reservation)
            (_reservation, Runtime) = (reservation, reservation.Runtime);
        return result;
    }

    /// <summary>Gives room back before anything has run; by the time it is asked for again another version may answer.</summary>
    public void ReleaseRoom()
    {
        Release();
        Runtime = member.Only;
    }

    /// <summary>How long so many more crops would take, by what runs have cost so far.</summary>
    public TimeSpan TimeToServe(in RoomDemand demand) =>
        Answering?.Queue.TimeToServe(demand.Crops, demand.DueAt, demand.Priority) ?? TimeSpan.Zero;

    /// <summary>The crops of a plan, for an image.</summary>
    public CropPlan Plan(CropMode mode, DecodedImage image) =>
        CropPlan.Create(mode, image, Runtime!.Manifest.Input, Runtime.Manifest.Preprocessing);

    /// <summary>What of a plan is still to be computed.</summary>
    public CropPlan Fresh(CropPlan plan) => _sequence.Fresh(plan);

    /// <summary>Takes a plan in of which nothing is still to be computed.</summary>
    public void Repeat(CropPlan plan) => _sequence.Add(plan);

    /// <summary>The shorter side below which the image should not be read at a fraction of its size.</summary>
    public int MinShorterSide(CropMode mode) =>
        Answering?.Manifest is { } manifest && CropPlans.Has(mode, manifest.Preprocessing)
            ? CropPlan.MinShorterSide(mode, manifest.Input, manifest.Preprocessing)
            : 0;

    /// <summary>Prepares the crops that are still to be computed, for <see cref="RunAsync"/> to have them run.</summary>
    /// <param name="plan">The whole plan of this round.</param>
    /// <param name="image">A share in the pixels of its <see cref="Fresh"/> part.</param>
    /// <param name="context">The request.</param>
    public void Prepare(CropPlan plan, ResizedImage image, RequestContext context)
    {
        var crops = new PreparedCrops(image, Runtime!.Manifest.Input, Runtime.Manifest.Preprocessing);
        _plan = plan;
        _pending = _reservation!.Request(crops.Count, crops, context.Trace);
    }

    /// <summary>Has the prepared crops run.</summary>
    public async Task<MemberResult> RunAsync(CancellationToken cancellationToken)
    {
        var pending = _pending!;
        _pending = null;
        return new(this, pending, await _reservation!.SubmitAsync(pending, cancellationToken));
    }

    /// <summary>Takes in the scores of crops that have run.</summary>
    /// <param name="ran">From <see cref="RunAsync"/>, without a failure.</param>
    /// <param name="keepLogits">Whether to keep them in <see cref="Logits"/>.</param>
    /// <returns>False if one of them is not a finite number; none is taken then.</returns>
    public bool TryAdd(PendingRequest ran, bool keepLogits)
    {
        _scores ??= Scores(Runtime!.Manifest);
        if (ran.WantsFeatures)
            _features ??= new FeatureMean(Runtime!.Layout.FeaturesSize);
        var before = _scores.Count;
        foreach (var crop in ran.Crops)
        {
            if (_scores.TryAdd(crop.Logits) && (!ran.WantsFeatures || _features!.TryAdd(crop.Features)))
                continue;
            _scores.Truncate(before);
            _features?.Truncate(before);
            return false;
        }

        _sequence.Add(_plan!);
        if (keepLogits)
            _logits.Add(ran.Logits.ToArray());
        return true;
    }

    // Without a threshold an output of probabilities comes as their logarithms, which a softmax undoes.
    private static ScoreAggregator Scores(ModelManifest manifest) =>
        new(
            manifest.Labels.Count,
            manifest.TemperatureScaling?.Temperature ?? 1,
            manifest.Threshold is null ? Activation.Softmax : manifest.Activation!.Value
        );

    /// <summary>Adds the mean of its crops, weighted, to a sum.</summary>
    public void AddTo(Span<float> sum, Span<float> scratch)
    {
        _scores!.WriteMean(scratch, _sequence.Times);
        TensorPrimitives.MultiplyAdd(scratch, (float)member.Weight, sum, sum);
    }

    /// <summary>The share of its crops that say <paramref name="index"/>.</summary>
    public double Agreement(int index) => _scores!.Agreement(index, _sequence.Times);

    /// <summary>Gives back room that was kept and not used.</summary>
    public void Release()
    {
        _pending?.ReleasePixels();
        _pending = null;
        _reservation?.Dispose();
        _reservation = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _scores?.Dispose();
    }
}

/// <summary>How one member's part of a round ended.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Crops">The crops that ran.</param>
/// <param name="Result">Where the time went, or why there are no scores.</param>
internal readonly record struct MemberResult(MemberRun Member, PendingRequest Crops, RequestResult Result);
