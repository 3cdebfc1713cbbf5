using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>A model repository in a folder of its own, put together from the fixtures.</summary>
internal sealed class TempModels : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("saccade-models-").FullName;

    public Dictionary<string, string?> Settings => new() { ["Models:Path"] = Path, ["Execution:Provider"] = "Cpu" };

    /// <summary>A copy of <c>colors</c>, its manifest changed.</summary>
    public TempModels Colors(string name, string version = "1", Func<string, string>? manifest = null)
    {
        var source = System.IO.Path.Combine(TestModels.Path, "colors", "1");
        var folder = Folder(name, version);
        File.Copy(System.IO.Path.Combine(source, "model.onnx"), System.IO.Path.Combine(folder, "model.onnx"));
        var text = File.ReadAllText(System.IO.Path.Combine(source, "manifest.json"));
        File.WriteAllText(System.IO.Path.Combine(folder, "manifest.json"), manifest?.Invoke(text) ?? text);
        return this;
    }

    /// <summary>A network of tests/fixtures/graphs, without a manifest.</summary>
    public TempModels Graph(string name, string graph)
    {
        File.Copy(
            System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", "graphs", $"{graph}.onnx"),
            System.IO.Path.Combine(Folder(name, "1"), "model.onnx"));
        return this;
    }

    /// <summary>Any file at all.</summary>
    public TempModels Write(string name, string version, string file, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Folder(name, version), file), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Folder(string name, string version) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name, version)).FullName;
}
