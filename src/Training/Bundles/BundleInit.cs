using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.Training.Onnx.Schema;

namespace Saccade.Training.Bundles;

/// <summary>Makes a bundle of a network from elsewhere: a complete manifest with what the service would assume.</summary>
internal sealed class BundleInit
{
    private const string ExternalLocation = "location";

    private readonly string _model;
    private readonly string _source;
    private readonly BundleDraft _draft;

    private BundleInit(string model, BundleDraft draft, string target)
    {
        (_model, _draft, Target) = (model, draft, target);
        _source = Path.GetDirectoryName(model)!;
    }

    /// <summary>The bundle's folder.</summary>
    public string Target { get; }

    /// <summary>What is written.</summary>
    public ModelManifest Manifest => _draft.Manifest;

    /// <summary>Every field that nobody gave, with its value as JSON.</summary>
    public IEnumerable<(string Field, string Value)> Assumed
    {
        get
        {
            using var json = JsonDocument.Parse(ManifestJson.Write(Manifest));
            foreach (var path in _draft.Assumed)
            {
                var value = json.RootElement;
                foreach (var name in path.Split('.'))
                    value = value.GetProperty(name);
                yield return (
                    path,
                    value.ValueKind == JsonValueKind.Array
                        ? $"[{string.Join(", ", value.EnumerateArray().Select(one => one.GetRawText()).Take(3))}"
                            + (value.GetArrayLength() > 3 ? $", … {value.GetArrayLength()} in all]" : "]")
                        : value.GetRawText()
                );
            }
        }
    }

    /// <summary>Reads a network and decides where its bundle goes.</summary>
    /// <param name="model">An ONNX file.</param>
    /// <param name="labels">A file with a label on each line; null takes what is beside the network.</param>
    /// <param name="target">The bundle's folder; null is the network's if that is named as in a bundle, and otherwise
    /// <c>models/NAME/1</c>.</param>
    /// <exception cref="InvalidDataException">It cannot be served.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BundleInit Read(string model, string? labels, string? target)
    {
        var path = Path.GetFullPath(model);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{model}'.");
        if (labels is not null && !File.Exists(labels))
            throw new FileNotFoundException($"There is no file '{labels}'.");
        target ??=
            Path.GetFileName(path) == BundleFolder.ModelName
                ? Path.GetDirectoryName(path)!
                : Path.Combine("models", Path.GetFileNameWithoutExtension(path), "1");
        return new(path, BundleDraft.Read(path, labels), Path.GetFullPath(target));
    }

    /// <summary>Writes the manifest, and the network with its weights where they are elsewhere.</summary>
    /// <param name="force">Whether files that are there may be replaced.</param>
    /// <exception cref="IOException">A file is there, or cannot be written.</exception>
    public void Write(bool force)
    {
        var copies = Target == _source ? [] : Copies().ToArray();
        string[] written = [.. copies.Select(copy => copy.To), Path.Combine(Target, ManifestJson.FileName)];
        if (!force && Array.Find(written, Path.Exists) is { } there)
            throw new IOException($"'{there}' is there already; --force replaces it.");
        Directory.CreateDirectory(Target);
        foreach (var (from, to) in copies)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }

        // Last: a watched folder with a manifest is whole.
        AtomicFile.Write(written[^1], stream => stream.Write([.. ManifestJson.Write(Manifest), (byte)'\n']));
    }

    private IEnumerable<(string From, string To)> Copies()
    {
        ModelProto model;
        using (var stream = File.OpenRead(_model))
            model = ModelProto.Parser.ParseFrom(stream);
        yield return (_model, Path.Combine(Target, BundleFolder.ModelName));
        var locations = model
            .Graph.Initializer.SelectMany(tensor => tensor.ExternalData)
            .Where(entry => entry.Key == ExternalLocation)
            .Select(entry => entry.Value)
            .Distinct(StringComparer.Ordinal);
        foreach (var location in locations)
        {
            var from = Path.GetFullPath(Path.Combine(_source, location));
            if (!from.StartsWith(_source + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new InvalidDataException($"The network's weights are outside its folder: '{location}'.");
            yield return (from, Path.Combine(Target, location));
        }
    }
}
