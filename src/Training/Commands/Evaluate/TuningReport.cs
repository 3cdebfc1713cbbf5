using System.Globalization;
using System.Text;
using Saccade.Inference.Bundles;
using Saccade.Training.Tuning;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>What tuning found, for people and for programs.</summary>
internal static class TuningReport
{
    /// <summary>For people.</summary>
    public static string ToText(TuningResult result, Halves halves)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Fitted to {halves.Fitted.Count:N0} held-out images, measured on the other {halves.Measured.Count:N0}: {Halves.Rule}."
        );
        if (result.Scaling is { } scaling)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"temperature {scaling.Temperature:F4}: expected calibration error {scaling.ErrorBefore * 100:F2} % before, "
                    + $"{scaling.ErrorAfter * 100:F2} % after (one crop)"
            );
        }

        var rounds = result.Policy.Rounds.Select(round =>
        {
            var members = round.Members is null ? "" : $"{string.Join(" + ", round.Members)} ";
            var until = round.Confidence is { } confidence ? string.Create(CultureInfo.InvariantCulture, $" until {confidence:F4}") : "";
            return $"{members}{round.Crops}{until}";
        });
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"auto by {result.Policy.Rule.ToString().ToLowerInvariant()}: {string.Join(", then ", rounds)}"
        );
        if (result.Table.Members.Count > 1)
        {
            var weights = result.Table.Members.Select(member =>
                string.Create(CultureInfo.InvariantCulture, $"{member.Name} {member.Weight:0.####}")
            );
            text.AppendLine($"weights {string.Join(", ", weights)}");
        }

        foreach (var (plan, difference, share) in AgainstFixed(result))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"auto against {plan} crops by all: {difference * 100:+0.00;-0.00;0.00} points of top-1 at {share:G3} of the compute"
            );
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>For programs.</summary>
    public static object ToObject(TuningResult result, Halves halves) =>
        new
        {
            fitted = halves.Fitted.Count,
            measured = halves.Measured.Count,
            temperature = result.Scaling?.Temperature,
            errorBefore = result.Scaling?.ErrorBefore,
            errorAfter = result.Scaling?.ErrorAfter,
            weights = result.Table.Members.ToDictionary(member => member.Name, member => member.Weight, StringComparer.Ordinal),
            rule = result.Policy.Rule.ToString().ToLowerInvariant(),
            rounds = result.Policy.Rounds.Select(round => new
            {
                members = round.Members,
                crops = round.Crops,
                confidence = round.Confidence,
            }),
            autoAgainst = AgainstFixed(result)
                .ToDictionary(
                    against => against.Plan.ToString(),
                    against => new { top1 = against.Difference, compute = against.Share },
                    StringComparer.Ordinal
                ),
        };

    private static IEnumerable<(CropMode Plan, double Difference, double Share)> AgainstFixed(TuningResult result) =>
        result.Plans.Select(plan =>
            (
                plan,
                result.Auto.Scores.Top1 - FixedPlans.Score(result.Table, plan).Top1,
                result.Auto.Macs / FixedPlans.Macs(result.Table, plan)
            )
        );
}
