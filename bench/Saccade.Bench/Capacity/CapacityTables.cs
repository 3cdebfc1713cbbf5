using System.Globalization;
using Saccade.Bench.Report;

namespace Saccade.Bench.Capacity;

/// <summary>The model beside the measurement, and the plan, as Markdown.</summary>
internal static class CapacityTables
{
    // Enough schedules that the model's own scatter is small beside the error.
    private const int Stretches = 200;

    /// <summary>Measured and modelled latencies by rate; a sentence where there is no open loop.</summary>
    public static string Check(MeasuredReplica measured, TimeSpan stretch)
    {
        if (measured.Open.Count == 0)
            return "The run has no open loop to check the model with.\n";
        var model = ReplicaModel.Of(measured);
        return MarkdownTable.Of(
            ["of the peak", "images/s", "p50 measured, model, ms", "p99 measured, model, ms", "model's error in the p99"],
            measured.Open.Select(open =>
            {
                var modelled = model.Measure(open.Rate, stretch, Stretches);
                return (IReadOnlyList<string>)
                    [
                        Figure.Of(open.Share, 2),
                        Figure.Of(open.Rate, 1),
                        $"{Figure.Of(open.Latency.P50, 1)}, {Figure.Of(modelled.P50, 1)}",
                        $"{Figure.Of(open.Latency.P99, 1)}, {Figure.Of(modelled.P99, 1)}",
                        Figure.Percent((modelled.P99 / open.Latency.P99) - 1, 0),
                    ];
            })
        );
    }

    /// <summary>A plan.</summary>
    public static string Of(CapacityPlan plan) =>
        plan.Replicas == 0
            ? string.Create(CultureInfo.InvariantCulture, $"No rate keeps the 99th percentile within {plan.P99:F0} ms on such a replica.\n")
            : MarkdownTable.Of(
                ["", ""],
                [
                    ["images/s wanted, p99 within", $"{Figure.Of(plan.Rate, 1)}, {Figure.Of(plan.P99, 0)} ms"],
                    ["images/s of a replica: peak", Figure.Of(plan.Peak, 1)],
                    [
                        "within the target, by the model, by the measurement",
                        $"{Figure.Of(plan.Modelled, 1)}, {Figure.Of(plan.Measured, 1)}",
                    ],
                    ["replicas", string.Create(CultureInfo.InvariantCulture, $"{plan.Replicas} ({plan.Spare} of them spare)")],
                    ["used of what they can do", Figure.Percent(plan.Utilisation, 0)],
                    ["cost of a million images", Figure.Of(plan.CostPerMillion, 2)],
                ]
            );
}
