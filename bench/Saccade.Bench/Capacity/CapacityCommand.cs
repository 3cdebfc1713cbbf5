using System.CommandLine;

namespace Saccade.Bench.Capacity;

/// <summary><c>capacity</c>: from the figures of <c>serving</c> to replicas and cost for a rate and a latency.</summary>
internal static class CapacityCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var file = new Option<string>("--serving")
        {
            Description = "The serving.json of a run on a machine like a replica's.",
            Required = true,
        };
        var rate = new Option<double>("--rate") { Description = "Images a second in all.", Required = true };
        var p99 = new Option<double>("--p99") { Description = "Milliseconds for the 99th percentile.", DefaultValueFactory = _ => 150 };
        var spare = new Option<int>("--spare") { Description = "Replicas beyond need.", DefaultValueFactory = _ => 1 };
        var price = new Option<double>("--price")
        {
            Description = "Of a replica for an hour, in any unit.",
            DefaultValueFactory = _ => 0.1,
        };
        var stretch = new Option<double>("--seconds")
        {
            Description = "Length of the stretches of that run, for the comparison with the model.",
            DefaultValueFactory = _ => 3,
        };
        var command = new Command("capacity", "Replicas and cost per million images, from the figures of serving.")
        {
            file,
            rate,
            p99,
            spare,
            price,
            stretch,
        };
        command.SetAction(result =>
        {
            var measured = MeasuredReplica.Read(File.ReadAllText(result.GetRequiredValue(file)));
            Console.WriteLine(CapacityTables.Check(measured, TimeSpan.FromSeconds(result.GetValue(stretch))));
            Console.Write(
                CapacityTables.Of(
                    CapacityPlan.For(
                        measured,
                        result.GetRequiredValue(rate),
                        result.GetValue(p99),
                        result.GetValue(spare),
                        result.GetValue(price)
                    )
                )
            );
        });
        return command;
    }
}
