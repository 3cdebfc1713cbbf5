using System.CommandLine;
using Saccade.Bench.Images;
using Saccade.Bench.Models;
using Saccade.Bench.Processes;
using Saccade.Bench.Report;

namespace Saccade.Bench.Cache;

/// <summary><c>cache</c>: what an answer from the cache costs beside a computed one, and what the cache saves under overload.</summary>
internal static class CacheCommand
{
    private const int ImageWidth = 500;
    private const int ImageHeight = 375;
    private const string CacheSize = "67108864";

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var architecture = new Option<string>("--arch")
        {
            Description = "Network, full width, published input, 1000 classes, random weights.",
            DefaultValueFactory = _ => "googlenet-bn",
        };
        var repeats = new Option<double>("--repeats")
        {
            Description = "Part of the requests that are for a popular image, 0 to 1; the others come once.",
            DefaultValueFactory = _ => 0.2,
        };
        var popular = new Option<int>("--popular") { Description = "Popular images.", DefaultValueFactory = _ => 50 };
        var seconds = new Option<double>("--seconds") { Description = "Length of each stretch.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often everything is measured; figures are medians.",
            DefaultValueFactory = _ => 5,
        };
        var published = new Option<string?>("--service")
        {
            Description = "Folder of a published service. Default: publish it now, as the Dockerfile does.",
        };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table here." };

        var command = new Command("cache", "Two services, with and without a cache of answers, in turns.")
        {
            architecture,
            repeats,
            popular,
            seconds,
            rounds,
            published,
            markdown,
        };
        command.SetAction(result =>
            RunAsync(
                new CacheBenchOptions(
                    result.GetRequiredValue(architecture),
                    result.GetValue(repeats),
                    result.GetValue(popular),
                    TimeSpan.FromSeconds(result.GetValue(seconds)),
                    result.GetValue(rounds),
                    result.GetValue(published),
                    result.GetValue(markdown)
                )
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(CacheBenchOptions options)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var repository = Path.Combine(workshop, "models");
            RandomBundle.Write(options.Architecture, Path.Combine(repository, "bench", "1"));
            var published = options.Published ?? Path.Combine(workshop, "app");
            if (options.Published is null)
                await ServicePublish.RunAsync(published, Path.Combine(workshop, "artifacts"));

            var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Models__Path"] = repository };
            var cores = CoreSplit.OfThisMachine();
            await using var plain = await ServiceProcess.StartReadyAsync(published, settings, cores.Service);
            settings["Cache__Size"] = CacheSize;
            await using var cached = await ServiceProcess.StartReadyAsync(published, settings, cores.Service);
            var run = new CacheRun(plain, cached, cores, SyntheticPhoto.Jpeg(ImageWidth, ImageHeight), options, Console.WriteLine);
            await run.HeatAsync();
            var figures = new List<CacheFigures>();
            for (var round = 0; round < options.Rounds; round++)
                figures.Add(await run.RunAsync(round));

            var machine = await Machine.DescribeAsync();
            var text = $"{machine.Description}, commit {machine.Commit}\n\n```\n{Machine.Command}\n```\n\n{Table(figures, options)}";
            Console.Write(text);
            if (options.Markdown is { } path)
                await File.WriteAllTextAsync(path, text);
            return 0;
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    private static string Table(List<CacheFigures> figures, CacheBenchOptions options)
    {
        string Median(Func<CacheFigures, double> figure, int decimals) => Figure.Of(Bench.Median.Of(figures.Select(figure)), decimals);
        string[] Overload(double repeats)
        {
            double Goodput(CacheFigures round, bool withCache) => round.At(withCache, repeats).Load.Goodput;
            return
            [
                $"in time at 2 × the peak, {Figure.Percent(repeats, 0)} for {options.Popular} popular images, as a part of the peak",
                Median(round => Goodput(round, withCache: false) / round.Peak, 3),
                Median(round => Goodput(round, withCache: true) / round.Peak, 3),
                Median(round => Goodput(round, withCache: true) / Goodput(round, withCache: false), 3),
            ];
        }

        return MarkdownTable.Of(
            [$"medians of {figures.Count}", "computed", "from the cache", "ratio"],
            [
                [
                    "answers a second",
                    Median(round => round.Peak, 1),
                    Median(round => round.Hits, 0),
                    Median(round => round.Hits / round.Peak, 1),
                ],
                [
                    "answers for a second of one core's time",
                    Median(round => 1000 / round.ComputedMs, 1),
                    Median(round => 1000 / round.HitMs, 0),
                    Median(round => round.ComputedMs / round.HitMs, 1),
                ],
                [
                    "latency of hits, p50 and p99, ms",
                    "",
                    Median(round => round.HitLatency.P50, 2) + ", " + Median(round => round.HitLatency.P99, 2),
                    "",
                ],
                ["", "**cache off**", "**cache on**", ""],
                Overload(0),
                Overload(options.Repeats),
            ]
        );
    }
}
