using System.Text.Json.Nodes;

namespace Saccade.TestSupport;

/// <summary>A model repository in a folder of its own, put together from the fixtures.</summary>
public sealed class TempModels : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("saccade-models-").FullName;

    /// <summary>What makes an engine serve it, on the CPU.</summary>
    public Dictionary<string, string?> Settings => new() { ["Models:Path"] = Path, ["Execution:Provider"] = "Cpu" };

    /// <summary>A copy of <c>colors</c>, its manifest changed.</summary>
    public TempModels Colors(string name, string version = "1", Func<string, string>? manifest = null)
    {
        var source = System.IO.Path.Combine(TestModels.Path, "colors", "1");
        var folder = Folder(name, version);
        // What is there may be no file: it is replaced, not written to.
        File.Delete(System.IO.Path.Combine(folder, "model.onnx"));
        File.Copy(System.IO.Path.Combine(source, "model.onnx"), System.IO.Path.Combine(folder, "model.onnx"));
        var text = File.ReadAllText(System.IO.Path.Combine(source, "manifest.json"));
        File.WriteAllText(System.IO.Path.Combine(folder, "manifest.json"), manifest?.Invoke(text) ?? text);
        return this;
    }

    /// <summary>A copy of <c>colors</c> whose labels do not exclude each other.</summary>
    /// <param name="name">The model's.</param>
    /// <param name="threshold">The probability from which on a label is selected, 0 to 1.</param>
    public TempModels MultiLabel(string name, double threshold) =>
        Colors(
            name,
            manifest: text =>
            {
                var manifest = JsonNode.Parse(text)!.AsObject();
                (manifest["activation"], manifest["threshold"]) = ("sigmoid", threshold);
                return manifest.ToJsonString();
            }
        );

    /// <summary>A network of tests/fixtures/graphs, without a manifest.</summary>
    public TempModels Graph(string name, string graph, string version = "1")
    {
        File.Copy(
            System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", "graphs", $"{graph}.onnx"),
            System.IO.Path.Combine(Folder(name, version), "model.onnx")
        );
        return this;
    }

    /// <summary>A network that does what <c>colors</c> does and gives its features too: the mean of each channel, 0 to 1.</summary>
    public TempModels Featured(string name, string version = "1")
    {
        var manifest = JsonNode
            .Parse(File.ReadAllText(System.IO.Path.Combine(TestModels.Path, "colors", "1", "manifest.json")))!
            .AsObject();
        manifest.Remove("sha256");
        manifest["features"] = new JsonObject { ["output"] = "features", ["size"] = 3 };
        return Graph(name, "two-outputs", version).Write(name, version, "manifest.json", manifest.ToJsonString());
    }

    /// <summary>A network whose only weight is in a file beside it.</summary>
    /// <param name="name">The model's.</param>
    /// <param name="weight">What the means of the channels are multiplied by.</param>
    public TempModels External(string name, float weight)
    {
        var folder = Folder(name, "1");
        File.Copy(
            System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", "graphs", "external.onnx"),
            System.IO.Path.Combine(folder, "model.onnx"),
            overwrite: true
        );
        File.WriteAllBytes(System.IO.Path.Combine(folder, "model.onnx.data"), BitConverter.GetBytes(weight));
        return this;
    }

    /// <summary>A file in the folder of a model, beside its versions.</summary>
    public TempModels WriteBeside(string name, string file, string content)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, file), content);
        return this;
    }

    /// <summary>An ensemble.</summary>
    public TempModels Ensemble(string name, string json, string version = "1") => Write(name, version, "ensemble.json", json);

    /// <summary>Any file at all.</summary>
    public TempModels Write(string name, string version, string file, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Folder(name, version), file), content);
        return this;
    }

    /// <summary>Takes a version away.</summary>
    public void Remove(string name, string version = "1") => Directory.Delete(System.IO.Path.Combine(Path, name, version), recursive: true);

    /// <summary>Moves a version's files to where a test wants them.</summary>
    public void Move(string name, string version, string otherVersion) =>
        Directory.Move(System.IO.Path.Combine(Path, name, version), System.IO.Path.Combine(Path, name, otherVersion));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Folder(string name, string version) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name, version)).FullName;
}
