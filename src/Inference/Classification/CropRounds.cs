using System.Numerics.Tensors;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Classification;

/// <summary>One request's crops: by one model or several, in one round or several.</summary>
/// <remarks>
/// A round has room kept for it, is prepared, run and aggregated; <see cref="ReserveNext"/> tells whether there is another. An answer that
/// is there is never lost to a later round: whatever goes wrong then, the crops so far count.
/// </remarks>
internal sealed class CropRounds : IDisposable
{
    private readonly ClassifyRequest _request;
    private readonly RequestContext _context;
    private readonly MemberSet _set;
    private readonly EarlyExitPolicy _policy;
    private readonly MemberRun[] _members;
    private readonly IReadOnlyList<CropRound> _rounds;
    private readonly List<MemberRun> _running = [];
    private ClassifyRefusal? _refusal;
    private StopReason? _stop;
    private PixelSize _imageSize;
    private bool _answered;
    private int _round;

    /// <summary>No round has run yet.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="context">Its deadline and clock.</param>
    /// <param name="set">Who is asked.</param>
    /// <param name="catalog">Where their room is.</param>
    public CropRounds(ClassifyRequest request, RequestContext context, MemberSet set, ModelCatalog catalog)
    {
        (_request, _context, _set, _policy) = (request, context, set, request.EarlyExit ?? set.EarlyExit);
        _members = [.. set.Members.Select(member => new MemberRun(member, catalog))];
        _rounds = CropRound.Of(request.Crops, _policy, [.. _members.Select(member => member.Name)]);
    }

    /// <summary>Whether the image is not needed after this round.</summary>
    public bool IsLast => _stop is not null || _round >= _rounds.Count - 1;

    /// <summary>The shorter side below which the image should not be read at a fraction of its size.</summary>
    public int MinShorterSide =>
        _rounds.SelectMany(round => round.Members.Select(index => _members[index].MinShorterSide(round.Crops))).Max();

    private IEnumerable<MemberRun> Asked =>
        _rounds[_round].Members.Select(index => _members[index]).Where(member => member.Failure is null);

    private CropMode Crops => _rounds[_round].Crops;

    // Crops that can be done without end a little before the deadline, so that there is time to answer without them.
    private long DueAt => _answered || _set.WhenMissing == WhenMissing.Answer ? _context.OptionalDueAt : _context.DueAt;

    /// <summary>Keeps room for the first round.</summary>
    /// <returns>Null, or why the request is refused.</returns>
    public ClassifyRefusal? ReserveFirst()
    {
        for (; _round < _rounds.Count; _round++)
        {
            foreach (var member in Asked)
                Reserve(member, Crops.Crops);
            if (_refusal is not null && _set.WhenMissing == WhenMissing.Refuse)
                return _refusal;
            if (_running.Count > 0)
                return null;
        }

        return _refusal;
    }

    /// <summary>Why the request, or a member that it could do without, was refused; null if nothing was.</summary>
    public ClassifyRefusal? Refusal => _refusal;

    /// <summary>The request is refused before anything has run.</summary>
    public void Refuse(ClassifyFailure failure, TimeSpan retryAfter) => _refusal = _context.Refuse(failure, retryAfter);

    /// <summary>Gives the room for the first round back, until <see cref="ReserveFirst"/> is called again.</summary>
    public void ReleaseRoom()
    {
        foreach (var member in _running)
            member.ReleaseRoom();
        _running.Clear();
    }

    /// <summary>Runs no further round: there is no memory to keep the image in.</summary>
    public void MakeLast() => _stop = StopReason.Overloaded;

    /// <summary>
    /// Resizes what the round's crops show, once for all models that want the same. Each crop is cut and written as its network wants it
    /// when it runs.
    /// </summary>
    public void Prepare(DecodedImage image)
    {
        _imageSize = new PixelSize(image.FullWidth, image.FullHeight);
        var shared = new List<ResizedImage>();
        try
        {
            foreach (var member in _running)
            {
                var (plan, interpolation) = (member.Plan(Crops, image), member.Runtime!.Manifest.Preprocessing.Interpolation);
                var fresh = member.Fresh(plan);
                var resized = shared.Find(other => other.Interpolation == interpolation && other.Plan.IsSame(fresh));
                if (resized is null)
                    shared.Add(resized = new ResizedImage(image, fresh, interpolation));
                member.Prepare(plan, resized.Share(), _context);
            }
        }
        finally
        {
            foreach (var resized in shared)
                resized.Dispose();
        }
    }

    /// <summary>Has the round's crops run, every model's in its own queue.</summary>
    public Task<MemberResult[]> RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Select(member => member.RunAsync(cancellationToken)));

    /// <summary>Takes in the scores of the round.</summary>
    /// <param name="results">From <see cref="RunAsync"/>.</param>
    /// <returns>Null, or why the request is refused.</returns>
    public ClassifyRefusal? Aggregate(MemberResult[] results)
    {
        var last = results.MaxBy(ran => ran.Crops.EnqueuedAt + _context.Ticks(ran.Result.Total));
        _context.Clock.Ran(last.Crops.EnqueuedAt, last.Result);
        foreach (var (member, crops, result) in results)
        {
            var failure = result.Failure;
            if (failure is null && !member.TryAdd(crops, _request.IncludeCropScores))
                failure = ClassifyFailure.ModelFailed;
            if (failure is { } reason)
                Fail(member, reason, TimeSpan.Zero);
        }

        _running.Clear();
        if (!_answered && _refusal is not null && (_set.WhenMissing == WhenMissing.Refuse || Answering.Length == 0))
            return _refusal;
        _answered = true;
        return null;
    }

    /// <summary>Decides whether there is another round, and keeps room for it.</summary>
    public bool ReserveNext(DecodedImage image)
    {
        if (!_request.Crops.IsAuto)
            return false;
        if (IsConfident())
            _stop = StopReason.Confident;
        while (_stop is null && ++_round < _rounds.Count)
        {
            foreach (var member in Asked.TakeWhile(_ => _stop is null))
                ReserveAgain(member, image);
            if (_stop is null && _running.Count > 0)
                return true;
            if (_stop is null && IsConfident())
                _stop = StopReason.Confident;
        }

        foreach (var member in _running)
            member.Release();
        _stop ??= Array.TrueForAll(_members, member => member.Failure is null) ? StopReason.Exhausted : StopReason.Failed;
        return false;
    }

    /// <summary>The weighted mean of the members' means.</summary>
    public ClassifyAnswer Answer()
    {
        var answering = Answering;
        var manifest = answering[0].Runtime!.Manifest;
        var best = TopScores.Select(Mean(answering), _request.TopK);
        return new(
            _set.Model,
            _set.IsEnsemble ? _set.Version : answering[0].Runtime!.Version,
            _request.Crops,
            answering.Sum(member => member.Count),
            Array.ConvertAll(best, score => Prediction(score, manifest, answering[0].Runtime!.Layout)),
            _context.Clock.Stop()
        )
        {
            Members = Array.ConvertAll(answering, member => member.Name),
            CropsOfMembers = Array.ConvertAll(answering, member => member.Count),
            LoadIds = Array.ConvertAll(answering, member => member.Runtime!.LoadId),
            Missing =
            [
                .. from member in _members
                where member is { Count: 0, Failure: not null }
                select new MissingMember(member.Name, member.Failure!.Value),
            ],
            StopReason = _stop,
            IsWhole =
                _stop is null or StopReason.Confident or StopReason.Exhausted
                && Array.TrueForAll(_members, member => member.Failure is null),
            ImageSize = _imageSize,
            Features = _request.IncludeFeatures ? answering[0].Features : [],
            CropScores = _request.IncludeCropScores
                ? Array.ConvertAll(answering, member => new MemberScores(member.Name, member.Logits))
                : [],
            Windows = _request.IncludeWindows
                ? Array.ConvertAll(answering, member => new MemberWindows(member.Name, member.Windows(_imageSize)))
                : [],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _members)
            member.Dispose();
    }

    private MemberRun[] Answering => Array.FindAll(_members, member => member.Count > 0);

    private void Reserve(MemberRun member, int crops)
    {
        var demand = new RoomDemand(crops, DueAt, _context.Priority, Crops, _request.IncludeFeatures);
        var result =
            _answered && member.TimeToServe(demand) > _context.TimeUntil(DueAt)
                ? ReservationResult.Refused(ClassifyFailure.DeadlineUnreachable)
                : member.TryReserve(demand);
        if (result.Failure is { } failure)
        {
            Fail(member, failure, result.RetryAfter);
        }
        else if (_request.Crops.IsAuto && member.Runtime!.Manifest.Threshold is not null)
        {
            member.Release();
            member.Fail(ClassifyFailure.UnsupportedCrops);
            _refusal ??= _context.Refuse(
                ClassifyFailure.UnsupportedCrops,
                "The model decides each label on its own, so there is no one class for 'auto' to be sure of: ask for a number of crops."
            );
        }
        else if (Array.Exists(_members, other => other.Runtime is { } runtime && runtime.Layout.Classes != member.Runtime!.Layout.Classes))
        {
            // One of them was exchanged for a model of other classes a moment ago; from the next request on the ensemble says so.
            member.Release();
            Fail(member, ClassifyFailure.NotReady, TimeSpan.Zero);
        }
        else
        {
            _running.Add(member);
        }
    }

    private void ReserveAgain(MemberRun member, DecodedImage image)
    {
        if (member.Runtime is null)
        {
            Reserve(member, Crops.Crops);
            return;
        }

        // Rounds may name a plan that one of the members has not.
        if (!CropPlans.Has(Crops, member.Runtime.Manifest.Preprocessing))
        {
            Fail(member, ClassifyFailure.UnsupportedCrops, TimeSpan.Zero);
            return;
        }

        var plan = member.Plan(Crops, image);
        var fresh = member.Fresh(plan).Crops.Count;
        if (fresh > 0)
            Reserve(member, fresh);
        else
            member.Repeat(plan);
    }

    /// <summary>
    /// Notes that a member could not run. Without an answer so far that may end the request; later it ends the rounds, or only the
    /// member's.
    /// </summary>
    private void Fail(MemberRun member, ClassifyFailure failure, TimeSpan retryAfter)
    {
        if (_answered && failure == ClassifyFailure.QueueFull)
            _stop = StopReason.Overloaded;
        else if (_answered && failure is ClassifyFailure.DeadlineExceeded or ClassifyFailure.DeadlineUnreachable)
            _stop = StopReason.Budget;
        else
            member.Fail(failure);
        if (!_answered)
            _refusal ??= _context.Refuse(failure, retryAfter, Crops, _set.IsEnsemble ? member.Name : null);
    }

    private bool IsConfident()
    {
        if (_rounds[_round].Confidence is not { } enough)
            return false;
        var answering = Answering;
        var mean = Mean(answering);
        var best = TensorPrimitives.IndexOfMax<float>(mean);
        var agreement =
            answering.Sum(member => member.Count) < 2
                ? 0
                : answering.Sum(member => member.Weight * member.Agreement(best)) / answering.Sum(member => member.Weight);
        return Confidence.Of(_policy.Rule, mean, agreement) >= enough;
    }

    private static Prediction Prediction(ScoredClass score, ModelManifest manifest, TensorLayout layout)
    {
        // Of two labels with one number between them exactly one is selected: the threshold is the second's.
        var isOtherOfTwo = score.Index == 0 && layout.Classes < manifest.Labels.Count;
        bool? selected =
            manifest.Threshold is not { } threshold ? null
            : isOtherOfTwo ? 1 - score.Score < threshold
            : score.Score >= threshold;
        return new(manifest.Labels[score.Index], score.Index, score.Score) { Selected = selected };
    }

    private static float[] Mean(MemberRun[] answering)
    {
        var mean = new float[answering[0].Runtime!.Manifest.Labels.Count];
        var scratch = new float[mean.Length];
        foreach (var member in answering)
            member.AddTo(mean, scratch);
        TensorPrimitives.Divide(mean, (float)answering.Sum(member => member.Weight), mean);
        return mean;
    }
}
