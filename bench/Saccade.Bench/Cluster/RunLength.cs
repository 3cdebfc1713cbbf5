namespace Saccade.Bench.Cluster;

/// <summary>How the lengths of runs scatter: by a gamma distribution of mean 1.</summary>
/// <param name="deviation">Its standard deviation, 0…1: 0 for runs that all take as long, 1 for the exponential distribution.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class RunLength(double deviation, Random random)
{
    private readonly double _shape = 1 / (deviation * deviation);

    /// <summary>The next run's length as a multiple of the mean.</summary>
    public double Next()
    {
        if (deviation == 0)
            return 1;

        // Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), for a shape of at least 1.
        var d = _shape - (1 / 3.0);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v / _shape;
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
