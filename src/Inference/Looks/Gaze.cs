using System.Numerics.Tensors;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Ensembles;

namespace Saccade.Inference.Looks;

/// <summary>One request's looks at its picture: by one model or several, in one round or several.</summary>
/// <remarks>
/// A round is admitted, prepared and looked; then <see cref="GoesOn"/> tells whether there is another, which it has admitted already. An
/// answer that is there is never lost to a later round: whatever goes wrong then, the looks so far count.
/// </remarks>
internal sealed class Gaze : IDisposable
{
    private readonly Visit _visit;
    private readonly Panel _panel;
    private readonly AutoPolicy _policy;
    private readonly MemberLooks[] _members;
    private readonly IReadOnlyList<LookRound> _rounds;
    private readonly List<MemberLooks> _looking = [];
    private ClassifyRefusal? _refusal;
    private StopReason? _stop;
    private PixelSize _picture;
    private bool _answered;
    private int _round;

    /// <summary>Nobody has looked yet.</summary>
    /// <param name="visit">The request.</param>
    /// <param name="panel">Who is asked.</param>
    public Gaze(Visit visit, Panel panel)
    {
        (_visit, _panel, _policy) = (visit, panel, visit.Request.Auto ?? panel.Auto);
        _members = [.. panel.Members.Select(member => new MemberLooks(member))];
        _rounds = LookRound.Of(visit.Request.Crops, _policy, [.. _members.Select(member => member.Name)]);
    }

    /// <summary>Whether the picture is not needed after this round.</summary>
    public bool IsLast => _stop is not null || _round >= _rounds.Count - 1;

    /// <summary>The shorter side below which the picture should not be read at a fraction of its size.</summary>
    public int MinShorterSide => _rounds.SelectMany(round => round.Members.Select(index => _members[index].MinShorterSide(round.Crops))).Max();

    private IEnumerable<MemberLooks> Asked => _rounds[_round].Members.Select(index => _members[index]).Where(member => member.Failure is null);

    private CropMode Crops => _rounds[_round].Crops;

    // Looks that can be done without end a little before the deadline, so that there is time to answer without them.
    private long DueAt => _answered || _panel.WhenMissing == WhenMissing.Answer ? _visit.LooksDueAt : _visit.DueAt;

    /// <summary>Keeps room for the first round.</summary>
    /// <returns>Null, or why the request is refused.</returns>
    public ClassifyRefusal? Admit()
    {
        for (; _round < _rounds.Count; _round++)
        {
            foreach (var member in Asked) Ask(member, Crops.Crops);
            if (_refusal is not null && _panel.WhenMissing == WhenMissing.Refuse) return _refusal;
            if (_looking.Count > 0) return null;
        }

        return _refusal;
    }

    /// <summary>Looks no further than this round: there is no memory to keep the picture in.</summary>
    public void MakeLast() => _stop = StopReason.Overloaded;

    /// <summary>Resizes what the round's crops show, once for all models that want the same. Each crop is cut and written as its network wants it when it runs.</summary>
    public void Prepare(DecodedImage image)
    {
        _picture = new PixelSize(image.FullWidth, image.FullHeight);
        var pictures = new List<ResizedPicture>();
        try
        {
            foreach (var member in _looking)
            {
                var (plan, interpolation) = (member.Plan(Crops, image), member.Runtime!.Manifest.Preprocessing.Interpolation);
                var fresh = member.Fresh(plan);
                var picture = pictures.Find(other => other.Interpolation == interpolation && other.Plan.IsSame(fresh));
                if (picture is null) pictures.Add(picture = new ResizedPicture(image, fresh, interpolation));
                member.Prepare(plan, picture.Share(), _visit, DueAt);
            }
        }
        finally
        {
            foreach (var picture in pictures) picture.Dispose();
        }
    }

    /// <summary>Has the round's crops run, every model's in its own queue, and takes their scores in.</summary>
    /// <returns>Null, or why the request is refused.</returns>
    public async Task<ClassifyRefusal?> LookAsync(CancellationToken cancellationToken)
    {
        var ran = await Task.WhenAll(_looking.Select(member => member.LookAsync(_visit.Request.KeepLooks, cancellationToken)));
        var (enqueuedAt, last) = ran.MaxBy(run => run.EnqueuedAt + _visit.Ticks(run.Result.Total));
        _visit.Clock.Ran(enqueuedAt, last);
        for (var index = 0; index < ran.Length; index++)
        {
            if (ran[index].Result.Failure is { } failure) Fail(_looking[index], failure, TimeSpan.Zero);
        }

        _looking.Clear();
        if (!_answered && _refusal is not null && (_panel.WhenMissing == WhenMissing.Refuse || Answering.Length == 0)) return _refusal;
        _answered = true;
        return null;
    }

    /// <summary>Decides whether to look again, and keeps room for it.</summary>
    public bool GoesOn(DecodedImage image)
    {
        if (!_visit.Request.Crops.IsAuto) return false;
        if (IsSure()) _stop = StopReason.Confident;
        while (_stop is null && ++_round < _rounds.Count)
        {
            foreach (var member in Asked.TakeWhile(_ => _stop is null)) AskAgain(member, image);
            if (_stop is null && _looking.Count > 0) return true;
            if (_stop is null && IsSure()) _stop = StopReason.Confident;
        }

        foreach (var member in _looking) member.Release();
        _stop ??= Array.TrueForAll(_members, member => member.Failure is null) ? StopReason.Exhausted : StopReason.Failed;
        return false;
    }

    /// <summary>The weighted mean of the members' means.</summary>
    public Classification Answer()
    {
        var answering = Answering;
        var labels = answering[0].Runtime!.Manifest.Labels;
        var best = TopScores.Select(Mean(answering), _visit.Request.TopK);
        return new(
            _panel.Model,
            _panel.IsEnsemble ? _panel.Version : answering[0].Runtime!.Version,
            _visit.Request.Crops,
            answering.Sum(member => member.Count),
            Array.ConvertAll(best, score => new Prediction(labels[score.Index], score.Index, score.Score)),
            _visit.Clock.Stop())
        {
            Members = Array.ConvertAll(answering, member => member.Name),
            LooksOfMembers = Array.ConvertAll(answering, member => member.Count),
            Missing = [.. _members.Where(member => member is { Count: 0, Failure: not null }).Select(member => new MissingMember(member.Name, member.Failure!.Value))],
            StopReason = _stop,
            Picture = _picture,
            Looks = _visit.Request.KeepLooks ? Array.ConvertAll(answering, member => new MemberScores(member.Name, member.Logits)) : [],
            Windows = _visit.Request.TellWindows ? Array.ConvertAll(answering, member => new MemberWindows(member.Name, member.Windows(_picture))) : [],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _members) member.Dispose();
    }

    private MemberLooks[] Answering => Array.FindAll(_members, member => member.Count > 0);

    private void Ask(MemberLooks member, int crops)
    {
        var retryAfter = TimeSpan.Zero;
        var failure = _answered && member.TimeToLook(crops, DueAt, _visit.Request.Priority) > _visit.TimeUntil(DueAt)
            ? ClassifyFailure.DeadlineUnreachable
            : member.TryReserve(Crops, crops, DueAt, _visit.Request.Priority, out retryAfter);
        if (failure is null && Array.Exists(_members, other => other.Runtime is not null && other.Runtime.Layout.Classes != member.Runtime!.Layout.Classes))
        {
            // One of them was exchanged for a model of other classes a moment ago; from the next request on the ensemble says so.
            member.Release();
            failure = ClassifyFailure.NotReady;
        }

        if (failure is { } reason) Fail(member, reason, retryAfter);
        else _looking.Add(member);
    }

    private void AskAgain(MemberLooks member, DecodedImage image)
    {
        if (member.Runtime is null)
        {
            Ask(member, Crops.Crops);
            return;
        }

        var plan = member.Plan(Crops, image);
        var fresh = member.Fresh(plan).Crops.Count;
        if (fresh > 0) Ask(member, fresh);
        else member.Repeat(plan);
    }

    /// <summary>Notes that a member could not look. Without an answer so far that may end the request; later it ends the looking, or only the member's.</summary>
    private void Fail(MemberLooks member, ClassifyFailure failure, TimeSpan retryAfter)
    {
        if (_answered && failure == ClassifyFailure.QueueFull) _stop = StopReason.Overloaded;
        else if (_answered && failure is ClassifyFailure.DeadlineExceeded or ClassifyFailure.DeadlineUnreachable) _stop = StopReason.Budget;
        else member.Fail(failure);
        if (!_answered) _refusal ??= _visit.Refuse(failure, Refusals.Detail(failure, Crops, _panel.IsEnsemble ? member.Name : null), Refusals.RetryAfter(failure, retryAfter));
    }

    private bool IsSure()
    {
        if (_rounds[_round].Sure is not { } enough) return false;
        var answering = Answering;
        var mean = Mean(answering);
        var best = TensorPrimitives.IndexOfMax<float>(mean);
        var agreement = answering.Sum(member => member.Count) < 2
            ? 0
            : answering.Sum(member => member.Weight * member.Agreement(best)) / answering.Sum(member => member.Weight);
        return Certainty.Of(_policy.Rule, mean, agreement) >= enough;
    }

    private static float[] Mean(MemberLooks[] answering)
    {
        var mean = new float[answering[0].Runtime!.Layout.Classes];
        var scratch = new float[mean.Length];
        foreach (var member in answering) member.AddTo(mean, scratch);
        TensorPrimitives.Divide(mean, (float)answering.Sum(member => member.Weight), mean);
        return mean;
    }
}
