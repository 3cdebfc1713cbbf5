using Saccade.Inference.Bundles;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;

namespace Saccade.Inference.Models;

/// <summary>
/// What a version's folder offers: a bundle, and inside one of integers perhaps one of floats for machines that are slow at integers.
/// </summary>
/// <param name="Own">In the folder itself.</param>
/// <param name="Floats">In the folder <c>fp32</c> inside; null where there is none or the own bundle holds floats anyway.</param>
internal sealed record VersionBundles(VersionBundle Own, VersionBundle? Floats)
{
    /// <summary>Name of the inner folder.</summary>
    public const string FloatsFolder = "fp32";

    /// <summary>Whether the own bundle holds integers.</summary>
    public bool OfIntegers => Own.Manifest?.Precision == Precision.Int8;

    /// <summary>What Triton was told about the model; null where it is in no repository of Triton's.</summary>
    public TritonConfig? Triton => Own.Given.Triton;

    /// <summary>Reads the manifests and checks the files' sums.</summary>
    /// <exception cref="InvalidDataException">A file is missing or unsound, or the two bundles could not stand in for each
    /// other.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static VersionBundles Read(string folder, CancellationToken cancellationToken = default)
    {
        var own = VersionBundle.Read(folder, cancellationToken);
        var inner = Path.Combine(folder, FloatsFolder);
        if (own.Manifest is not { Precision: Precision.Int8 } manifest || !Directory.Exists(inner))
            return new(own, Floats: null);

        try
        {
            var floats = VersionBundle.Read(inner, cancellationToken);
            Require(floats.Manifest is not null, "there is no complete manifest.json.");
            Require(floats.Manifest!.Precision != Precision.Int8, "its manifest says int8, too.");
            Require(
                floats.Manifest.Labels.SequenceEqual(manifest.Labels, StringComparer.Ordinal),
                "its labels are not those of the integers."
            );
            return new(own, floats);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"In the folder {FloatsFolder}: {error.Message}", error);
        }
    }

    /// <summary>The one to serve.</summary>
    public VersionBundle For(ExecutionProvider provider, IntegerArithmetic integers) => integers.Suits(provider) ? Own : Floats ?? Own;

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new InvalidDataException(problem);
    }
}

/// <summary>One bundle's files, checked.</summary>
/// <param name="ModelPath">Of the network.</param>
/// <param name="Manifest">Null if there is none, or not a complete one.</param>
/// <param name="Given">What is written down beside the network: all of a manifest, some of it, or nothing.</param>
internal sealed record VersionBundle(string ModelPath, ModelManifest? Manifest, GivenFields Given)
{
    /// <summary>Reads.</summary>
    /// <exception cref="InvalidDataException">There is no network, or the manifest is not its.</exception>
    public static VersionBundle Read(string folder, CancellationToken cancellationToken)
    {
        var given = GivenFields.Read(folder);
        var path = BundleFiles.ModelPath(folder, given.Triton?.ModelFile ?? BundleFiles.ModelFile);
        BundleFiles.RequireFiles(folder);
        var manifest = given.IsComplete ? given.Manifest() : null;
        BundleFiles.RequireSha256(path, given.Text("sha256"), cancellationToken);
        return new(path, manifest, given);
    }
}
