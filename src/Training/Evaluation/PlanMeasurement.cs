using Saccade.Inference;
using Saccade.Inference.Bundles;

namespace Saccade.Training.Evaluation;

/// <summary>What one way of looking at pictures comes to.</summary>
public sealed class PlanMeasurement
{
    private readonly SortedDictionary<StopReason, long> _stops = [];
    private double _looks;
    private double _macs;
    private double _members;

    /// <summary>Nothing has been looked at yet.</summary>
    public PlanMeasurement(int classes) => Scores = new Scores(classes);

    /// <summary>What was measured otherwise, by a fixed number of looks.</summary>
    /// <param name="scores">Right and wrong answers.</param>
    /// <param name="looks">Looks at each picture, over all models.</param>
    /// <param name="macs">Multiply-adds for each picture.</param>
    /// <param name="members">Models that look at each picture.</param>
    public PlanMeasurement(Scores scores, double looks, double macs, int members)
    {
        ArgumentNullException.ThrowIfNull(scores);
        (Scores, _looks, _macs, _members) = (scores, looks * scores.Images, macs * scores.Images, (double)members * scores.Images);
    }

    /// <summary>Right and wrong answers.</summary>
    public Scores Scores { get; }

    /// <summary>Mean number of looks at a picture, over all models.</summary>
    public double Looks => Scores.Images == 0 ? 0 : _looks / Scores.Images;

    /// <summary>Mean multiply-adds for a picture, every look counted as if it had been computed.</summary>
    public double Macs => Scores.Images == 0 ? 0 : _macs / Scores.Images;

    /// <summary>Mean number of models that look at a picture.</summary>
    public double Members => Scores.Images == 0 ? 0 : _members / Scores.Images;

    /// <summary>Pictures by why <see cref="CropMode.Auto"/> stopped; empty for fixed numbers of looks.</summary>
    public IReadOnlyDictionary<StopReason, long> Stops => _stops;

    /// <summary>Takes an answer in.</summary>
    /// <param name="probabilities">One for each class.</param>
    /// <param name="label">The true class.</param>
    /// <param name="looks">Looks that it is made of.</param>
    /// <param name="macs">Multiply-adds of these.</param>
    /// <param name="members">Models whose looks these are.</param>
    /// <param name="reason">Why <see cref="CropMode.Auto"/> stopped; null for a fixed number of looks.</param>
    public void Add(ReadOnlySpan<float> probabilities, int label, double looks, double macs, int members, StopReason? reason)
    {
        Scores.Add(probabilities, label);
        _looks += looks;
        _macs += macs;
        _members += members;
        if (reason is { } stop)
            _stops[stop] = _stops.GetValueOrDefault(stop) + 1;
    }

    /// <summary>Takes an answer of the engine in.</summary>
    /// <param name="answer">With a prediction for every class.</param>
    /// <param name="label">The true class.</param>
    /// <param name="macsOf">Multiply-adds of one look by each member, by its name.</param>
    public void Add(ClassifyAnswer answer, int label, IReadOnlyDictionary<string, long> macsOf)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(macsOf);
        var probabilities = new float[Scores.Classes];
        foreach (var prediction in answer.Predictions)
            probabilities[prediction.Index] = prediction.Probability;
        var macs = answer.Members.Zip(answer.CropsOfMembers).Sum(member => (double)member.Second * macsOf[member.First]);
        Add(probabilities, label, answer.CropsUsed, macs, answer.Members.Count, answer.StopReason);
    }
}
