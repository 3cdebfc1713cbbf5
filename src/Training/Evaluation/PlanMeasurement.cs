using Saccade.Inference;
using Saccade.Inference.Bundles;

namespace Saccade.Training.Evaluation;

/// <summary>Accuracy and cost of one crop plan, or of <c>auto</c>.</summary>
public sealed class PlanMeasurement
{
    private readonly SortedDictionary<StopReason, long> _stops = [];
    private double _crops;
    private double _macs;
    private double _members;

    /// <summary>Nothing is measured yet.</summary>
    public PlanMeasurement(int classes) => Scores = new Scores(classes);

    /// <summary>What was measured otherwise, by a fixed number of crops.</summary>
    /// <param name="scores">Right and wrong answers.</param>
    /// <param name="crops">Crops of each image, over all models.</param>
    /// <param name="macs">Multiply-adds for each image.</param>
    /// <param name="members">Models that answer for each image.</param>
    public PlanMeasurement(Scores scores, double crops, double macs, int members)
    {
        ArgumentNullException.ThrowIfNull(scores);
        (Scores, _crops, _macs, _members) = (scores, crops * scores.Images, macs * scores.Images, (double)members * scores.Images);
    }

    /// <summary>Right and wrong answers.</summary>
    public Scores Scores { get; }

    /// <summary>Mean number of crops of an image, over all models.</summary>
    public double CropsUsed => Scores.Images == 0 ? 0 : _crops / Scores.Images;

    /// <summary>Mean multiply-adds for an image, every crop counted as if it had been computed.</summary>
    public double Macs => Scores.Images == 0 ? 0 : _macs / Scores.Images;

    /// <summary>Mean number of models that answer for an image.</summary>
    public double Members => Scores.Images == 0 ? 0 : _members / Scores.Images;

    /// <summary>Images by why <see cref="CropMode.Auto"/> stopped; empty for fixed numbers of crops.</summary>
    public IReadOnlyDictionary<StopReason, long> Stops => _stops;

    /// <summary>Adds one image's answer.</summary>
    /// <param name="probabilities">One for each class.</param>
    /// <param name="label">The true class.</param>
    /// <param name="crops">Crops that it is made of.</param>
    /// <param name="macs">Multiply-adds of these.</param>
    /// <param name="members">Models whose crops these are.</param>
    /// <param name="reason">Why <see cref="CropMode.Auto"/> stopped; null for a fixed number of crops.</param>
    /// <param name="image">The image's index; null where images come in their order.</param>
    public void Add(
        ReadOnlySpan<float> probabilities,
        int label,
        double crops,
        double macs,
        int members,
        StopReason? reason,
        int? image = null
    )
    {
        Scores.Add(probabilities, label, image);
        _crops += crops;
        _macs += macs;
        _members += members;
        if (reason is { } stop)
            _stops[stop] = _stops.GetValueOrDefault(stop) + 1;
    }

    /// <summary>Takes an answer of the engine in.</summary>
    /// <param name="answer">With a prediction for every class.</param>
    /// <param name="label">The true class.</param>
    /// <param name="macsOf">Multiply-adds of one crop by each member, by its name.</param>
    /// <param name="image">The image's index; answers come in any order.</param>
    public void Add(ClassifyAnswer answer, int label, IReadOnlyDictionary<string, long> macsOf, int image)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(macsOf);
        var probabilities = new float[Scores.Classes];
        foreach (var prediction in answer.Predictions)
            probabilities[prediction.Index] = prediction.Probability;
        var macs = answer.Members.Zip(answer.CropsOfMembers).Sum(member => (double)member.Second * macsOf[member.First]);
        Add(probabilities, label, answer.CropsUsed, macs, answer.Members.Count, answer.StopReason, image);
    }
}
