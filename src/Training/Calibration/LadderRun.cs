using System.Numerics.Tensors;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Calibration;

/// <summary>What a ladder would have answered for every picture of a table after each of its rounds, and what each round costs.</summary>
internal sealed class LadderRun
{
    private readonly LookTable _table;
    private readonly int _rounds;
    private readonly double[][] _certainty;
    private readonly bool[] _right;
    private readonly double[] _macs;
    private readonly int[] _looks;

    private LadderRun(LookTable table, int rounds)
    {
        (_table, _rounds) = (table, rounds);
        var cells = table.Count * rounds;
        _certainty = [.. Enum.GetValues<ConfidenceRule>().Select(_ => new double[cells])];
        (_right, _macs, _looks) = (new bool[cells], new double[cells], new int[cells]);
    }

    /// <summary>Computes the answers as the engine would.</summary>
    public static LadderRun Of(LookTable table, Ladder ladder)
    {
        var run = new LadderRun(table, ladder.Rounds.Count);
        var mean = new float[table.Classes];
        for (var round = 0; round < run._rounds; round++)
        {
            var depths = ladder.DepthsAfter(round);
            for (var picture = 0; picture < table.Count; picture++)
                run.Answer(picture, round, depths, mean);
        }

        return run;
    }

    /// <summary>How sure the answers are after a round, by a rule; one number for each picture.</summary>
    public IEnumerable<double> CertaintyAfter(ConfidenceRule rule, int round) =>
        Enumerable.Range(0, _table.Count).Select(picture => _certainty[(int)rule][(picture * _rounds) + round]);

    /// <summary>What comes out when each picture is looked at until its answer is sure.</summary>
    /// <param name="rule">What makes it sure.</param>
    /// <param name="sure">How sure is enough after each round, the last may be left out; not a number where no answer is.</param>
    /// <param name="reference">Whether each picture is named rightly otherwise.</param>
    public LadderOutcome Stop(ConfidenceRule rule, IReadOnlyList<double> sure, IReadOnlyList<bool> reference)
    {
        var (right, gained, lost, looks) = (0, 0, 0, 0L);
        var macs = 0.0;
        for (var picture = 0; picture < _table.Count; picture++)
        {
            var cell = (picture * _rounds) + LastRound(picture, rule, sure);
            if (_right[cell])
                right++;
            if (_right[cell] && !reference[picture])
                gained++;
            if (!_right[cell] && reference[picture])
                lost++;
            looks += _looks[cell];
            macs += _macs[cell];
        }

        return new(
            (double)right / _table.Count,
            (double)looks / _table.Count,
            macs / _table.Count,
            (double)gained / _table.Count,
            (double)lost / _table.Count,
            _table.Count
        );
    }

    /// <summary>The same, with every answer held against the true class.</summary>
    public static PlanMeasurement Measure(LookTable table, Ladder ladder, ConfidenceRule rule, IReadOnlyList<double> sure)
    {
        var run = Of(table, ladder);
        PlanMeasurement measurement = new(table.Classes);
        var mean = new float[table.Classes];
        for (var picture = 0; picture < table.Count; picture++)
        {
            var round = run.LastRound(picture, rule, sure);
            run.Mean(picture, ladder.DepthsAfter(round), mean);
            var cell = (picture * run._rounds) + round;
            var members = ladder.DepthsAfter(round).Count(depth => depth >= 0);
            var confident = round < sure.Count && run._certainty[(int)rule][cell] >= sure[round];
            measurement.Add(
                mean,
                table.Labels[picture],
                run._looks[cell],
                run._macs[cell],
                members,
                confident ? StopReason.Confident : StopReason.Exhausted
            );
        }

        return measurement;
    }

    private int LastRound(int picture, ConfidenceRule rule, IReadOnlyList<double> sure)
    {
        var round = 0;
        while (round < _rounds - 1 && !(_certainty[(int)rule][(picture * _rounds) + round] >= sure[round]))
            round++;
        return round;
    }

    private void Answer(int picture, int round, IReadOnlyList<int> depths, float[] mean)
    {
        var cell = (picture * _rounds) + round;
        var weight = Mean(picture, depths, mean);
        var best = TensorPrimitives.IndexOfMax<float>(mean);
        for (var member = 0; member < depths.Count; member++)
        {
            if (depths[member] < 0)
                continue;
            var looks = _table[picture, member].Chain[depths[member]].Count;
            _looks[cell] += looks;
            _macs[cell] += (double)looks * _table.Members[member].Macs;
        }

        var agreement = 0.0;
        for (var member = 0; member < depths.Count && _looks[cell] > 1; member++)
        {
            if (depths[member] >= 0)
                agreement += _table.Members[member].Weight * _table[picture, member].Chain[depths[member]].Agreement[best] / weight;
        }

        foreach (var rule in Enum.GetValues<ConfidenceRule>())
            _certainty[(int)rule][cell] = Confidence.Of(rule, mean, agreement);
        _right[cell] = best == _table.Labels[picture];
    }

    /// <summary>The weighted mean of those who have looked; returns their weight.</summary>
    private double Mean(int picture, IReadOnlyList<int> depths, float[] mean)
    {
        Array.Clear(mean);
        var weight = 0.0;
        for (var member = 0; member < depths.Count; member++)
        {
            if (depths[member] < 0)
                continue;
            TensorPrimitives.MultiplyAdd(
                _table[picture, member].Chain[depths[member]].Mean,
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

/// <summary>What a way of looking comes to.</summary>
/// <param name="Top1">Share of pictures named rightly.</param>
/// <param name="Looks">Mean number of looks at a picture.</param>
/// <param name="Macs">Mean multiply-adds for a picture.</param>
/// <param name="Gained">Share of pictures that are named rightly here and wrongly by what it is held against.</param>
/// <param name="Lost">Share of pictures of which the opposite is true.</param>
/// <param name="Count">Pictures.</param>
internal sealed record LadderOutcome(double Top1, double Looks, double Macs, double Gained, double Lost, int Count)
{
    private const double StandardErrors = 2;

    /// <summary>By how much it is better, less two standard errors of that: what other pictures like these will hardly fall short
    /// of.</summary>
    /// <remarks>Only pictures on which the two differ tell them apart; as many as were lost could have been gained (McNemar
    /// 1947).</remarks>
    public double Assured => Gained - Lost - (StandardErrors * Math.Sqrt((Gained + Lost) / Count));
}
