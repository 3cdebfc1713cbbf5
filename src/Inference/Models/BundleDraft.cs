using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;

namespace Saccade.Inference.Models;

/// <summary>A complete manifest for a network of any origin: what the service would assume, to be written down and corrected.</summary>
/// <param name="Manifest">Complete, with the network's SHA-256.</param>
/// <param name="Assumed">Its fields that nobody gave, such as <c>preprocessing.mean</c>: what the graph tells, or what is usual.</param>
public sealed record BundleDraft(ModelManifest Manifest, IReadOnlyList<string> Assumed)
{
    /// <summary>Reads a network and what is written down beside it, as the service does.</summary>
    /// <param name="modelPath">An ONNX file of any name. Of its folder <c>manifest.json</c>, <c>labels.txt</c> and <c>config.json</c>
    /// count.</param>
    /// <param name="labelsPath">A file with a label on each line, in place of those; null if there is none.</param>
    /// <exception cref="InvalidDataException">It is no image classifier, or what is written down does not fit it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BundleDraft Read(string modelPath, string? labelsPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        var path = Path.GetFullPath(modelPath);
        var folder = Path.GetDirectoryName(path)!;
        path = BundleFiles.ModelPath(folder, Path.GetFileName(path));
        var given = GivenFields.Read(folder, labelsPath);
        using var session = OnnxModelSession.Inspect(path);
        var (manifest, _) = AssumedManifest.Complete(session, given.IsComplete ? given.Manifest() : null, given);
        return new(manifest with { Sha256 = BundleFiles.Sha256(path, CancellationToken.None) }, [.. given.Assumed]);
    }
}
