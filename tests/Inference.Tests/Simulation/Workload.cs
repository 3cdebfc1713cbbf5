namespace Saccade.Inference.Tests.Simulation;

/// <summary>Load shapes, the same for the same seed.</summary>
internal static class Workload
{
    /// <summary>One crop each, at random moments.</summary>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="rate">Requests per second.</param>
    /// <param name="duration">Seconds.</param>
    /// <param name="allowed">Seconds to each deadline.</param>
    public static List<Arrival> Poisson(int seed, double rate, double duration, double allowed)
    {
        var random = new Random(seed);
        return Moments(random, _ => rate, duration).ConvertAll(at => new Arrival(at, 1, allowed));
    }

    /// <summary>The same mean rate, but four times as much for a quarter of every second and nothing for the rest.</summary>
    public static List<Arrival> Bursty(int seed, double rate, double duration, double allowed)
    {
        var random = new Random(seed);
        return Moments(random, at => at % 1 < 0.25 ? 4 * rate : 0, duration).ConvertAll(at => new Arrival(at, 1, allowed));
    }

    /// <summary>Requests of 1 (80 %), 10 (18 %) and 144 (2 %) crops; more crops have more time.</summary>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="cropRate">Crops per second, over all requests.</param>
    /// <param name="duration">Seconds.</param>
    /// <param name="allowed">Seconds to the deadline of a request of one crop; ten have twice that, 144 ten times.</param>
    public static List<Arrival> MixedCrops(int seed, double cropRate, double duration, double allowed)
    {
        const double MeanCrops = (0.8 * 1) + (0.18 * 10) + (0.02 * 144);
        var random = new Random(seed);
        return Moments(random, _ => cropRate / MeanCrops, duration)
            .ConvertAll(at =>
                random.NextDouble() switch
                {
                    < 0.8 => new Arrival(at, 1, allowed),
                    < 0.98 => new Arrival(at, 10, 2 * allowed),
                    _ => new Arrival(at, 144, 10 * allowed),
                }
            );
    }

    private static List<double> Moments(Random random, Func<double, double> rate, double duration)
    {
        var moments = new List<double>();
        for (var at = 0.0; ; )
        {
            var now = rate(at);
            at = now > 0 ? at - (Math.Log(1 - random.NextDouble()) / now) : Math.Floor(at) + 1;
            if (at >= duration)
                return moments;
            if (rate(at) > 0)
                moments.Add(at);
        }
    }
}
