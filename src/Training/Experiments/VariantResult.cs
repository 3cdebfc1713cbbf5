using Saccade.Training.Loop;

namespace Saccade.Training.Experiments;

/// <summary>The runs of a variant that are finished.</summary>
/// <param name="Variant">Which.</param>
/// <param name="CommandLine">Its runs' arguments, but for seed, data and folder.</param>
/// <param name="Parameters">Trainable values without auxiliary classifiers.</param>
/// <param name="Macs">Multiply-adds for one image.</param>
/// <param name="Runs">By seed.</param>
public sealed record VariantResult(
    ExperimentVariant Variant,
    string CommandLine,
    long Parameters,
    long Macs,
    IReadOnlyList<SeedResult> Runs
)
{
    /// <summary>Held-out top-1 at the end.</summary>
    public Spread Top1 => Spread.Of([.. Runs.Select(run => run.Top1)]);

    /// <summary>Held-out top-1 after half of the epochs.</summary>
    public Spread HalfWay => Spread.Of([.. Runs.Select(run => run.HalfWay)]);

    /// <summary>How much better the runs are than another variant's of the same seeds; null where no seed is common.</summary>
    public Spread? Over(VariantResult other)
    {
        ArgumentNullException.ThrowIfNull(other);
        double[] gains = [.. Runs.Join(other.Runs, run => run.Seed, run => run.Seed, (one, two) => one.Top1 - two.Top1)];
        return gains.Length == 0 ? null : Spread.Of(gains);
    }
}

/// <summary>A finished run.</summary>
/// <param name="Seed">Of every random choice in it.</param>
/// <param name="Curve">Held-out top-1 by epoch.</param>
/// <param name="Loss">Training loss of the last epoch.</param>
/// <param name="StalenessMean">Mean staleness of the last epoch's gradients; null without asynchronous replicas.</param>
/// <param name="Seconds">Time it took, evaluation included.</param>
public sealed record SeedResult(int Seed, IReadOnlyList<double> Curve, double Loss, double? StalenessMean, double Seconds)
{
    /// <summary>Held-out top-1 at the end. That it is the last epoch's was decided before the run.</summary>
    public double Top1 => Curve[^1];

    /// <summary>Held-out top-1 after half of the epochs, rounded up.</summary>
    public double HalfWay => Curve[(Curve.Count - 1) / 2];

    /// <summary>Reads a run's log. Where weights are averaged the mean counts, even one so young that <c>train</c> would not keep it: the
    /// tables compare recipes, whatever the budget.</summary>
    /// <param name="seed">The run's.</param>
    /// <param name="epochs">All of its epochs.</param>
    /// <param name="trained">Whether the trained weights count, where there are averaged ones too.</param>
    internal static SeedResult Of(int seed, IReadOnlyList<EpochResult> epochs, bool trained) =>
        new(
            seed,
            [.. epochs.Select(epoch => (trained ? epoch.Top1 : epoch.Top1Averaged ?? epoch.Top1) ?? 0)],
            epochs[^1].Loss,
            epochs[^1].StalenessMean,
            epochs.Sum(epoch => epoch.Seconds)
        );
}
