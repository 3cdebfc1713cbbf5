using System.Security.Cryptography;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;

namespace Saccade.Training.Serving;

/// <summary>A temporary model repository that holds one bundle, or one ensemble with its members, by links to where they are.</summary>
internal sealed class ModelLinks : IDisposable
{
    private ModelLinks(string path) => Path = path;

    /// <summary>The repository.</summary>
    public string Path { get; }

    /// <summary>The model or ensemble that is to be asked.</summary>
    public string Model { get; private set; } = "model";

    /// <summary>The members' folders by model name and version; the bundle's own if it is one.</summary>
    public IReadOnlyList<LinkedBundle> Bundles { get; private set; } = [];

    /// <summary>What an ensemble's file says; null for a bundle.</summary>
    public EnsembleDefinition? Ensemble { get; private set; }

    /// <summary>Links a folder.</summary>
    /// <param name="folder">A bundle anywhere, or an ensemble inside a repository: <c>…/name/version</c>.</param>
    /// <exception cref="InvalidDataException">The ensemble's file is not sound, or a member is not in the repository.</exception>
    public static ModelLinks To(string folder)
    {
        var links = new ModelLinks(Directory.CreateTempSubdirectory("saccade-evaluate-").FullName);
        try
        {
            var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
            if (ServedFolder.HoldsEnsemble(full))
                links.LinkEnsemble(full);
            else
                links.LinkBundle(full);
            return links;
        }
        catch
        {
            links.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 of the files that may decide the answers, the ensemble's and every member's, as lower-case hexadecimal: of all but
    /// the model card, since weights and labels may be in files of any name.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // As deep as the floats that a bundle of integers may hold: model, version, fp32.
        foreach (
            var file in Directory
                .EnumerateFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
                .Where(file => System.IO.Path.GetFileName(file) != ModelCard.FileName)
                .Order(StringComparer.Ordinal)
        )
        {
            using var content = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A link is removed as a link: what it leads to stays.
        foreach (var model in Directory.EnumerateDirectories(Path))
        {
            foreach (var version in Directory.EnumerateDirectories(model))
                Directory.Delete(version);
        }

        Directory.Delete(Path, recursive: true);
    }

    /// <summary>By the name it has in a repository, or its folder's anywhere else.</summary>
    private void LinkBundle(string folder)
    {
        var (name, parent) = (System.IO.Path.GetFileName(folder), System.IO.Path.GetDirectoryName(folder));
        var inRepository = int.TryParse(name, out _) && !string.IsNullOrEmpty(System.IO.Path.GetFileName(parent));
        Model = (inRepository ? System.IO.Path.GetFileName(parent)! : name).TrimStart('.');
        Bundles = [Link(folder, Model, "1")];
    }

    private void LinkEnsemble(string folder)
    {
        Ensemble = EnsembleJson.Read(File.ReadAllBytes(System.IO.Path.Combine(folder, EnsembleJson.FileName)));
        var name = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidDataException($"'{folder}' is in no repository of models.");
        var repository =
            System.IO.Path.GetDirectoryName(name) ?? throw new InvalidDataException($"'{folder}' is in no repository of models.");
        Model = System.IO.Path.GetFileName(name);
        Bundles = [.. Ensemble.Members.Select(member => LinkMember(repository, member))];
        _ = Link(folder, Model, System.IO.Path.GetFileName(folder));
    }

    private LinkedBundle LinkMember(string repository, EnsembleMember member)
    {
        var model = System.IO.Path.Combine(repository, member.Model);
        var version = member.Version ?? ServedFolder.Newest(model);
        var bundle = System.IO.Path.Combine(model, version ?? "1");
        return File.Exists(System.IO.Path.Combine(bundle, ManifestJson.FileName))
            ? Link(bundle, member.Model, version!)
            : throw new InvalidDataException($"'{bundle}' is no bundle with a manifest; the ensemble has it for a member.");
    }

    private LinkedBundle Link(string target, string model, string version)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, model));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, model, version), target);
        return new(model, version, target);
    }
}

/// <summary>A bundle that is linked.</summary>
/// <param name="Model">The name it is served by.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">Where it is.</param>
internal sealed record LinkedBundle(string Model, string Version, string Folder);
