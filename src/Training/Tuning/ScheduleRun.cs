using System.Numerics.Tensors;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Tuning;

/// <summary>What a schedule would have answered for every image of a table after each of its rounds, and what each round costs.</summary>
internal sealed class ScheduleRun
{
    private readonly ScoreTable _table;
    private readonly int _rounds;
    private readonly double[][] _confidence;
    private readonly bool[] _right;
    private readonly double[] _macs;
    private readonly int[] _crops;

    private ScheduleRun(ScoreTable table, int rounds)
    {
        (_table, _rounds) = (table, rounds);
        var cells = table.Count * rounds;
        _confidence = [.. Enum.GetValues<ConfidenceRule>().Select(_ => new double[cells])];
        (_right, _macs, _crops) = (new bool[cells], new double[cells], new int[cells]);
    }

    /// <summary>Computes the answers as the engine would.</summary>
    public static ScheduleRun Of(ScoreTable table, EarlyExitSchedule schedule)
    {
        var run = new ScheduleRun(table, schedule.Rounds.Count);
        var mean = new float[table.Classes];
        for (var round = 0; round < run._rounds; round++)
        {
            var depths = schedule.DepthsAfter(round);
            for (var image = 0; image < table.Count; image++)
                run.Answer(image, round, depths, mean);
        }

        return run;
    }

    /// <summary>Confidence of the answers after a round, 0 to 1; one number for each image.</summary>
    public IEnumerable<double> ConfidenceAfter(ConfidenceRule rule, int round) =>
        Enumerable.Range(0, _table.Count).Select(image => _confidence[(int)rule][(image * _rounds) + round]);

    /// <summary>What comes out when each image's rounds end once its answer is confident enough.</summary>
    /// <param name="rule">How confidence is computed.</param>
    /// <param name="thresholds">The confidence that ends each round, the last may be left out; not a number where none does.</param>
    /// <param name="reference">Whether each image is named rightly otherwise.</param>
    public ScheduleOutcome Stop(ConfidenceRule rule, IReadOnlyList<double> thresholds, IReadOnlyList<bool> reference)
    {
        var (right, gained, lost, crops) = (0, 0, 0, 0L);
        var macs = 0.0;
        for (var image = 0; image < _table.Count; image++)
        {
            var cell = (image * _rounds) + LastRound(image, rule, thresholds);
            if (_right[cell])
                right++;
            if (_right[cell] && !reference[image])
                gained++;
            if (!_right[cell] && reference[image])
                lost++;
            crops += _crops[cell];
            macs += _macs[cell];
        }

        return new(
            (double)right / _table.Count,
            (double)crops / _table.Count,
            macs / _table.Count,
            (double)gained / _table.Count,
            (double)lost / _table.Count,
            _table.Count
        );
    }

    /// <summary>The same, with every answer held against the true class.</summary>
    public static PlanMeasurement Measure(
        ScoreTable table,
        EarlyExitSchedule schedule,
        ConfidenceRule rule,
        IReadOnlyList<double> thresholds
    )
    {
        var run = Of(table, schedule);
        PlanMeasurement measurement = new(table.Classes);
        var mean = new float[table.Classes];
        for (var image = 0; image < table.Count; image++)
        {
            var round = run.LastRound(image, rule, thresholds);
            run.Mean(image, schedule.DepthsAfter(round), mean);
            var cell = (image * run._rounds) + round;
            var members = schedule.DepthsAfter(round).Count(depth => depth >= 0);
            var confident = round < thresholds.Count && run._confidence[(int)rule][cell] >= thresholds[round];
            measurement.Add(
                mean,
                table.Labels[image],
                run._crops[cell],
                run._macs[cell],
                members,
                confident ? StopReason.Confident : StopReason.Exhausted
            );
        }

        return measurement;
    }

    private int LastRound(int image, ConfidenceRule rule, IReadOnlyList<double> thresholds)
    {
        var round = 0;
        while (round < _rounds - 1 && !(_confidence[(int)rule][(image * _rounds) + round] >= thresholds[round]))
            round++;
        return round;
    }

    private void Answer(int image, int round, IReadOnlyList<int> depths, float[] mean)
    {
        var cell = (image * _rounds) + round;
        var weight = Mean(image, depths, mean);
        var best = TensorPrimitives.IndexOfMax<float>(mean);
        for (var member = 0; member < depths.Count; member++)
        {
            if (depths[member] < 0)
                continue;
            var crops = _table[image, member].Chain[depths[member]].Count;
            _crops[cell] += crops;
            _macs[cell] += (double)crops * _table.Members[member].Macs;
        }

        var agreement = 0.0;
        for (var member = 0; member < depths.Count && _crops[cell] > 1; member++)
        {
            if (depths[member] >= 0)
                agreement += _table.Members[member].Weight * _table[image, member].Chain[depths[member]].Agreement[best] / weight;
        }

        foreach (var rule in Enum.GetValues<ConfidenceRule>())
            _confidence[(int)rule][cell] = Confidence.Of(rule, mean, agreement);
        _right[cell] = best == _table.Labels[image];
    }

    /// <summary>The weighted mean of the members that have answered; returns their weight.</summary>
    private double Mean(int image, IReadOnlyList<int> depths, float[] mean)
    {
        Array.Clear(mean);
        var weight = 0.0;
        for (var member = 0; member < depths.Count; member++)
        {
            if (depths[member] < 0)
                continue;
            TensorPrimitives.MultiplyAdd(
                _table[image, member].Chain[depths[member]].Mean,
                (float)_table.Members[member].Weight,
                mean,
                mean
            );
            weight += _table.Members[member].Weight;
        }

        TensorPrimitives.Divide(mean, (float)weight, mean);
        return weight;
    }
}

/// <summary>What a schedule comes to.</summary>
/// <param name="Top1">Share of images named rightly.</param>
/// <param name="CropsUsed">Mean number of crops of an image.</param>
/// <param name="Macs">Mean multiply-adds for an image.</param>
/// <param name="Gained">Share of images that are named rightly here and wrongly by what it is held against.</param>
/// <param name="Lost">Share of images of which the opposite is true.</param>
/// <param name="Count">Images.</param>
internal sealed record ScheduleOutcome(double Top1, double CropsUsed, double Macs, double Gained, double Lost, int Count)
{
    private const double StandardErrors = 2;

    /// <summary>By how much it is better, less two standard errors of that: what other images like these will hardly fall short
    /// of.</summary>
    /// <remarks>Only images on which the two differ tell them apart; as many as were lost could have been gained (McNemar
    /// 1947).</remarks>
    public double Assured => Gained - Lost - (StandardErrors * Math.Sqrt((Gained + Lost) / Count));
}
