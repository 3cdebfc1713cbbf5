using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Saccade.Training.Tests.Weights;

/// <summary>One network in every form in which Keras writes weights, made by <c>keras_files.py</c> once for a test class.</summary>
public sealed class KerasFiles : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> _made = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    /// <summary>A file of a network, such as <c>model.keras</c>.</summary>
    internal async Task<string> PathOf(string network, string file)
    {
        await _made.GetOrAdd(network, name => new Lazy<Task>(() => Make(name))).Value;
        return _folder[network, file];
    }

    internal async Task<float[]> Floats(string network, string file) =>
        MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(await PathOf(network, file))).ToArray();

    private async Task Make(string network)
    {
        Directory.CreateDirectory(_folder[network]);
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Weights", "keras_files.py"));
        await PythonFactAttribute.RunAsync(script, network, _folder[network]);
    }
}
