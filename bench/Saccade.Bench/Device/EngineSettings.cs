using System.Globalization;

namespace Saccade.Bench.Device;

/// <summary>How the engine is set up for one measurement; the same whether it runs here or behind HTTP.</summary>
internal static class EngineSettings
{
    private const int LargestBatch = 1024;

    /// <summary>Configuration by key.</summary>
    /// <param name="repository">Folder with the one model.</param>
    /// <param name="accelerator">What runs it.</param>
    /// <param name="batch">Most rows of a run.</param>
    /// <param name="sessions">Runs at once.</param>
    /// <param name="separator">Between the parts of a key: <c>:</c>, or <c>__</c> for the environment.</param>
    public static Dictionary<string, string?> Of(string repository, Accelerator accelerator, int batch, int sessions, string separator) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Models:Path"] = repository,
            ["Execution:Provider"] = accelerator.Setting,
            ["Execution:Sessions"] = Text(sessions),
            ["Batching:MaxBatchSize"] = Text(Math.Min(batch, LargestBatch)),
            ["Batching:QueueCapacity"] = "65536",
            ["Batching:DefaultDeadline"] = "00:05:00",
        }.ToDictionary(
            setting => setting.Key.Replace(":", separator, StringComparison.Ordinal),
            setting => setting.Value,
            StringComparer.Ordinal
        );

    /// <summary>A repository with one model of a folder that holds several.</summary>
    public static string Only(DeviceBundle bundle, string workshop)
    {
        var repository = Path.Combine(workshop, bundle.Name);
        Directory.CreateDirectory(repository);
        var link = Path.Combine(repository, bundle.Name);
        if (!Directory.Exists(link))
            Directory.CreateSymbolicLink(link, Path.GetFullPath(Path.Combine(bundle.Root, bundle.Name)));
        return repository;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
