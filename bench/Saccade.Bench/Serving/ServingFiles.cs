using System.Text.Json;
using System.Text.Json.Serialization;
using Saccade.Bench.Report;

namespace Saccade.Bench.Serving;

/// <summary>Where the report goes: the console, and a folder.</summary>
internal static class ServingFiles
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Prints the tables; writes them, the plots and all figures.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="folder">Made if it is missing; null for the console alone.</param>
    public static async Task WriteAsync(ServingReport report, string? folder)
    {
        var machine = await Machine.DescribeAsync();
        var command = Machine.Command;
        var tables = ServingTables.Markdown(report, machine, command);
        Console.WriteLine();
        Console.Write(tables);
        if (folder is null)
            return;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "serving.md"), tables);
        await File.WriteAllTextAsync(Path.Combine(folder, "serving-closed.svg"), ServingPlots.Closed(report));
        if (report.Open.Count > 0)
            await File.WriteAllTextAsync(Path.Combine(folder, "serving-open.svg"), ServingPlots.Open(report));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "serving.json"),
            JsonSerializer.Serialize(
                new
                {
                    machine,
                    command,
                    targets = ServingTargets.Of(report),
                    open = report.Open,
                    overload = report.Overload,
                    report,
                },
                JsonOptions
            )
        );
    }
}
