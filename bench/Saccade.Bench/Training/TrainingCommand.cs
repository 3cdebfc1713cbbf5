using System.CommandLine;
using System.Globalization;
using Saccade.Bench.Report;

namespace Saccade.Bench.Training;

/// <summary><c>training</c>: images trained a second, against Python's torch on the same libtorch.</summary>
internal static class TrainingCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Option<string[]> architectures = new("--arch")
        {
            Description = "Networks; repeat for several.",
            DefaultValueFactory = _ => ["googlenet-bn", "inception-v3", "xception"],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<double> width = new("--width") { Description = "Channel multiplier.", DefaultValueFactory = _ => 0.25 };
        Option<int> input = new("--input") { Description = "Rows and columns of the images.", DefaultValueFactory = _ => 28 };
        Option<int> batch = new("--batch") { Description = "Images in a step.", DefaultValueFactory = _ => 64 };
        Option<int> classes = new("--classes") { Description = "Classes.", DefaultValueFactory = _ => 10 };
        Option<bool> aux = new("--aux") { Description = "Train auxiliary classifiers too." };
        Option<int> threads = new("--threads")
        {
            Description = "Threads of libtorch.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        Option<int> steps = new("--steps") { Description = "Steps of a measured stretch.", DefaultValueFactory = _ => 5 };
        Option<int> rounds = new("--rounds") { Description = "Stretches of each kind; figures are medians.", DefaultValueFactory = _ => 7 };
        Command command = new("training", "Training throughput against Python's torch on the same libtorch, in turns.")
        {
            architectures,
            width,
            input,
            batch,
            classes,
            aux,
            threads,
            steps,
            rounds,
        };
        command.SetAction(async arguments =>
        {
            List<TrainingComparison> comparisons = [];
            foreach (var architecture in arguments.GetRequiredValue(architectures))
            {
                Console.WriteLine($"measuring {architecture}");
                comparisons.Add(
                    TrainingComparison.Measure(
                        new(
                            architecture,
                            arguments.GetValue(width),
                            arguments.GetValue(input),
                            arguments.GetValue(batch),
                            arguments.GetValue(classes),
                            arguments.GetValue(aux),
                            arguments.GetValue(threads),
                            arguments.GetValue(steps),
                            arguments.GetValue(rounds)
                        )
                    )
                );
            }

            var machine = await Machine.DescribeAsync();
            Console.WriteLine();
            Console.WriteLine(
                $"{machine.Description}, commit {machine.Commit}, torch {comparisons[0].Torch}, {comparisons[0].Options.Threads} threads"
            );
            Console.WriteLine();
            Console.Write(Table(comparisons));
        });
        return command;
    }

    private static string Table(IEnumerable<TrainingComparison> comparisons) =>
        MarkdownTable.Of(
            [
                "network",
                "parameters",
                "images/s",
                "Python's, channels last",
                "Python's, default order",
                "of Python's channels last: clock",
                "processor",
                "of its default order: clock",
                "processor",
            ],
            comparisons.Select(one =>
                (IReadOnlyList<string>)
                    [
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{one.Options.Architecture}, width {one.Options.Width}, {one.Options.Input} px, batch {one.Options.Batch}"
                        ),
                        one.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                        Number(one.Speed(one.Own), "F0"),
                        Number(one.Speed(one.ChannelsLast), "F0"),
                        Number(one.Speed(one.ChannelsFirst), "F0"),
                        Number(one.Over(one.ChannelsLast).Wall, "F3"),
                        Number(one.Over(one.ChannelsLast).Processor, "F3"),
                        Number(one.Over(one.ChannelsFirst).Wall, "F3"),
                        Number(one.Over(one.ChannelsFirst).Processor, "F3"),
                    ]
            )
        );

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
