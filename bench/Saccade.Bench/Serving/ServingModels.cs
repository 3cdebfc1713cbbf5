using Saccade.Bench.Models;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Serving;

/// <summary>The model repository that the service is started on.</summary>
/// <param name="Repository">Its folder.</param>
/// <param name="Main">Name of the model that everything is measured with.</param>
/// <param name="Also">Names of further models.</param>
/// <param name="Empty">Name of the model that computes nothing; null when left out.</param>
internal sealed record ServingModels(string Repository, string Main, IReadOnlyList<string> Also, string? Empty)
{
    private const string MainName = "bench";
    private const string EmptyName = "empty";
    private const string Version = "1";

    /// <summary>Every model with a network.</summary>
    public IEnumerable<string> Names => Also.Prepend(Main);

    /// <summary>The main model's ONNX file.</summary>
    public string Graph => Path.Combine(Repository, Main, Version, "model.onnx");

    /// <summary>Makes the repository: copies given bundles, writes the others.</summary>
    /// <param name="options">Says which.</param>
    /// <param name="repository">A folder to make.</param>
    public static ServingModels Prepare(ServingOptions options, string repository)
    {
        string Bundle(string name) => Path.Combine(repository, name, Version);
        if (options.Bundle is { } source)
            CopyFiles(source, Bundle(MainName));
        else
            RandomBundle.Write(options.Architecture, Bundle(MainName));
        var also = options.Parts.Contains(ServingPart.Also) ? options.Also : [];
        foreach (var folder in also)
            CopyFiles(folder, Bundle(NameOf(folder)));
        var empty = options.Parts.Contains(ServingPart.Empty) ? EmptyName : null;
        if (empty is not null)
            RandomBundle.WriteEmpty(Bundle(empty));
        return new(repository, MainName, [.. also.Select(NameOf)], empty);
    }

    /// <summary>Where a model is asked.</summary>
    public static Uri AddressOf(string model, Uri service) => new(service, $"/classify?model={Uri.EscapeDataString(model)}");

    /// <summary>The main model's manifest.</summary>
    public ModelManifest ReadManifest() =>
        ManifestJson.Read(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Graph)!, ManifestJson.FileName)));

    // models/fashion/1 is called fashion, a folder without a version by its own name.
    private static string NameOf(string folder)
    {
        var full = new DirectoryInfo(Path.TrimEndingDirectorySeparator(folder));
        return int.TryParse(full.Name, out _) ? full.Parent!.Name : full.Name;
    }

    private static void CopyFiles(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }
}
