namespace Saccade.Training.Evaluation;

/// <summary>Counts right and wrong answers.</summary>
public sealed class Scores
{
    private const int TopK = 5;
    private const int MostMistakes = 48;

    private readonly long[,] _confusion;
    private readonly ReliabilityBins _bins = new();
    private double _logLoss;
    private readonly SortedSet<Mistake> _mistakes = new(Mistake.WorstFirst);

    /// <summary>Starts empty.</summary>
    public Scores(int classes) => _confusion = new long[classes, classes];

    /// <summary>Images so far.</summary>
    public long Images { get; private set; }

    /// <summary>Images whose best class is right.</summary>
    public long Right { get; private set; }

    /// <summary>Images whose class is among the best five.</summary>
    public long RightInFive { get; private set; }

    /// <summary>Share of images whose best class is right.</summary>
    public double Top1 => Share(Right, Images);

    /// <summary>Share of images whose class is among the best five.</summary>
    public double Top5 => Share(RightInFive, Images);

    /// <summary>Expected calibration error of the best class's probability; means nothing if the scores are no probabilities.</summary>
    public double CalibrationError => _bins.Error;

    /// <summary>Mean of −log p of the true class; means nothing if the scores are no probabilities.</summary>
    public double CrossEntropy => Images == 0 ? 0 : _logLoss / Images;

    /// <summary>Answers by the best class's probability.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability => _bins.Filled;

    /// <summary>The wrong answers with the highest probability, at most 48, the highest first.</summary>
    public IReadOnlyList<Mistake> WorstMistakes => [.. _mistakes];

    /// <summary>Mean recall of the classes that have images.</summary>
    public double MacroRecall => Macro(Recall);

    /// <summary>Mean precision of the classes that have images.</summary>
    public double MacroPrecision => Macro(Precision);

    /// <summary>Mean F1 of the classes that have images.</summary>
    public double MacroF1 => Macro(F1);

    /// <summary>Number of classes.</summary>
    public int Classes => _confusion.GetLength(0);

    /// <summary>How many images of a class were called another (or the same).</summary>
    public long Confusion(int actual, int predicted) => _confusion[actual, predicted];

    /// <summary>Images of a class.</summary>
    public long Support(int label) => Enumerable.Range(0, Classes).Sum(predicted => _confusion[label, predicted]);

    /// <summary>Share of a class's images that were named rightly; 0 where there are none.</summary>
    public double Recall(int label) => Share(_confusion[label, label], Support(label));

    /// <summary>Share of the images named a class that are of it; 0 where none was named so.</summary>
    public double Precision(int label) =>
        Share(_confusion[label, label], Enumerable.Range(0, Classes).Sum(actual => _confusion[actual, label]));

    /// <summary>Harmonic mean of precision and recall; 0 where both are.</summary>
    public double F1(int label)
    {
        var (precision, recall) = (Precision(label), Recall(label));
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    /// <summary>Adds one image's answer.</summary>
    /// <param name="scores">One number per class, the larger the likelier. Of equal ones the lower index comes first.</param>
    /// <param name="label">The true class.</param>
    /// <param name="image">The image's index; null where images come in their order.</param>
    public void Add(ReadOnlySpan<float> scores, int label, int? image = null)
    {
        if (scores.Length != Classes)
            throw new ArgumentException($"There are {scores.Length} scores for {Classes} classes.", nameof(scores));

        var best = 0;
        var ahead = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
            if (ComesBefore(scores, i, label))
                ahead++;
        }

        _confusion[label, best]++;
        _bins.Add(scores[best], best == label);
        _logLoss -= Math.Log(Math.Max(scores[label], float.Epsilon));
        if (best != label)
            Keep(new Mistake(image ?? (int)Images, label, best, scores[best]));
        Images++;
        Right += ahead == 0 ? 1 : 0;
        RightInFive += ahead < TopK ? 1 : 0;
    }

    private void Keep(Mistake mistake)
    {
        _mistakes.Add(mistake);
        if (_mistakes.Count > MostMistakes)
            _mistakes.Remove(_mistakes.Max!);
    }

    private double Macro(Func<int, double> of)
    {
        var present = Enumerable.Range(0, Classes).Where(label => Support(label) > 0);
        return present.Select(of).DefaultIfEmpty(0).Average();
    }

    // Written so that a score that is no number wins by its index alone: a broken network must not look right.
    private static bool ComesBefore(ReadOnlySpan<float> scores, int one, int other) =>
        scores[one] > scores[other] || (!(scores[one] < scores[other]) && one < other);

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
