using Saccade.Inference.Bundles;

namespace Saccade.Training.Tuning;

/// <summary>How much each member of an ensemble is to count, so that the weighted mean of their probabilities makes the true classes
/// likeliest.</summary>
/// <remarks>
/// The weights of a mixture whose parts stay as they are (Dempster, Laird and Rubin 1977, §4.3): each step gives a member the mean share
/// that it has in the probability of the true class. The likelihood rises with every step and has no maximum but the highest.
/// </remarks>
internal static class MemberWeights
{
    private const int Steps = 500;
    private const double Least = 1e-3;

    /// <param name="table">The members' scores.</param>
    /// <param name="plan">The plan that they are fitted for.</param>
    /// <returns>One for each member, positive; together as many as there are members, so that 1 is an equal part.</returns>
    public static double[] Fit(ScoreTable table, CropMode plan)
    {
        var members = table.Members.Count;
        var truths = Enumerable
            .Range(0, table.Count)
            .Select(image =>
                Enumerable.Range(0, members).Select(member => (double)table[image, member].Plans[plan].Mean[table.Labels[image]]).ToArray()
            )
            .Where(truth => truth.Sum() > 0)
            .ToList();
        var weights = Enumerable.Repeat(1.0, members).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            var shares = new double[members];
            foreach (var truth in truths)
            {
                var all = 0.0;
                for (var member = 0; member < members; member++)
                    all += weights[member] * truth[member];
                for (var member = 0; member < members && all > 0; member++)
                    shares[member] += weights[member] * truth[member] / all;
            }

            // A weight of nothing is not allowed in an ensemble, and would stay nothing here.
            var sum = Math.Max(double.Epsilon, shares.Sum());
            for (var member = 0; member < members; member++)
                weights[member] = Math.Max(Least, members * shares[member] / sum);
        }

        return weights;
    }
}
