namespace Saccade.Bench.Capacity;

/// <summary>How many replicas a rate takes, and what a million images cost.</summary>
/// <param name="Rate">Images a second in all.</param>
/// <param name="P99">Target for the 99th percentile, ms.</param>
/// <param name="Peak">Images a second of a replica that never waits for work.</param>
/// <param name="Modelled">Images a second of a replica within the target, by the model.</param>
/// <param name="Measured">The same by the measured open loop; NaN without one.</param>
/// <param name="Spare">Replicas beyond those that compute, for one that is replaced or dies.</param>
/// <param name="HourlyPrice">Of a replica.</param>
internal sealed record CapacityPlan(double Rate, double P99, double Peak, double Modelled, double Measured, int Spare, double HourlyPrice)
{
    // Beyond it the model's queue grows for as long as the simulation lasts.
    private const double Fullest = 0.98;
    private const int Halvings = 12;

    private static readonly TimeSpan Stretch = TimeSpan.FromMinutes(5);

    /// <summary>Images a second that a replica is given: the smaller of what model and measurement allow. 0: the target cannot be
    /// kept.</summary>
    public double PerReplica => double.IsNaN(Measured) ? Modelled : Math.Min(Modelled, Measured);

    /// <summary>Replicas, the spare ones among them; 0 if the target cannot be kept.</summary>
    public long Replicas => PerReplica > 0 ? (long)Math.Ceiling(Rate / PerReplica) + Spare : 0;

    /// <summary>Share of what all replicas could do that is used, 0…1.</summary>
    public double Utilisation => Rate / (Replicas * Peak);

    /// <summary>Price of a million images at this rate, in the unit of the replica's.</summary>
    public double CostPerMillion => Replicas * HourlyPrice / 3600 / Rate * 1e6;

    /// <summary>Plans for a rate.</summary>
    /// <param name="measured">One replica.</param>
    /// <param name="rate">Images a second in all, above 0.</param>
    /// <param name="p99">Target, ms.</param>
    /// <param name="spare">Replicas beyond need.</param>
    /// <param name="hourlyPrice">Of a replica.</param>
    public static CapacityPlan For(MeasuredReplica measured, double rate, double p99, int spare, double hourlyPrice)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        return new(
            rate,
            p99,
            measured.Peak,
            RateWithin(ReplicaModel.Of(measured), measured.Peak, p99),
            measured.Open.Count == 0 ? double.NaN : measured.RateWithin(p99),
            spare,
            hourlyPrice
        );
    }

    private static double RateWithin(ReplicaModel model, double peak, double p99)
    {
        var (low, high) = (0.0, Fullest * peak);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (model.Measure(middle, Stretch, stretches: 1).P99 <= p99)
                low = middle;
            else
                high = middle;
        }

        return low;
    }
}
