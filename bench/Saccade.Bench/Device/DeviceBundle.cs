using Google.Protobuf;
using Saccade.Bench.Models;
using Saccade.Inference.Bundles;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Schema;

namespace Saccade.Bench.Device;

/// <summary>A model in one number format, in a folder <c>&lt;architecture&gt;_&lt;format&gt;/1</c>.</summary>
/// <param name="Root">The folder of all of them: a model repository.</param>
/// <param name="Architecture">Preset name, or the name of a trained model.</param>
/// <param name="Format"><c>fp32</c>, <c>fp16</c>, <c>fp32-u8</c> or <c>fp16-u8</c>.</param>
internal sealed record DeviceBundle(string Root, string Architecture, string Format)
{
    private const string Exact = "fp32";
    private const string Half = "fp16";
    private const string Bytes = "-u8";

    /// <summary>Every format, the exact one first.</summary>
    public static IReadOnlyList<string> Formats { get; } = [Exact, Half, Exact + Bytes, Half + Bytes];

    /// <summary>The model's name in the repository.</summary>
    public string Name => $"{Architecture}_{Format}";

    /// <summary>The bundle.</summary>
    public string Folder => Path.Combine(Root, Name, "1");

    /// <summary>Its graph.</summary>
    public string Graph => Path.Combine(Folder, "model.onnx");

    /// <summary>Its manifest.</summary>
    public ModelManifest Manifest => ManifestJson.Read(File.ReadAllBytes(Path.Combine(Folder, ManifestJson.FileName)));

    /// <summary>How its figures are headed: a 32-bit graph is computed with what the device makes of it.</summary>
    public string Heading(Accelerator accelerator) => Format.Replace(Exact, accelerator.Fp32, StringComparison.Ordinal);

    /// <summary>All that a folder holds.</summary>
    public static IReadOnlyList<DeviceBundle> In(string root) =>
        [
            .. from folder in Directory.GetDirectories(root).Order(StringComparer.Ordinal)
            let name = Path.GetFileName(folder).Split('_')
            where name.Length == 2
            select new DeviceBundle(root, name[0], name[1]),
        ];

    /// <summary>Writes an architecture with random weights, at full width with 1000 classes, in every format.</summary>
    public static void WriteRandom(string root, string architecture)
    {
        var exact = new DeviceBundle(root, architecture, Exact);
        RandomBundle.Write(architecture, exact.Folder);
        exact.WriteOtherFormats();
    }

    /// <summary>Copies a trained model and writes its other formats.</summary>
    /// <exception cref="InvalidDataException">Its weights are no 32-bit floats.</exception>
    public static void CopyTrained(string root, string bundle)
    {
        // models/NAME/VERSION
        var exact = new DeviceBundle(
            root,
            Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle)))!),
            Exact
        );
        Directory.CreateDirectory(exact.Folder);
        foreach (var file in Directory.GetFiles(bundle))
            File.Copy(file, Path.Combine(exact.Folder, Path.GetFileName(file)), overwrite: true);
        exact.WriteOtherFormats();
    }

    private void WriteOtherFormats()
    {
        var manifest = Manifest with { Sha256 = null };
        foreach (var format in Formats.Skip(1))
        {
            var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Graph));
            if (graph.Graph.Initializer.Any(weight => weight.DataType != (int)TensorProto.Types.DataType.Float))
                throw new InvalidDataException($"{Graph}: not all weights are 32-bit floats.");
            if (format.StartsWith(Half, StringComparison.Ordinal))
                HalfPrecision.Apply(graph.Graph);
            var bytes = format.EndsWith(Bytes, StringComparison.Ordinal);
            if (bytes)
                PixelInput.Apply(graph.Graph, manifest.Preprocessing);

            var other = this with { Format = format };
            Directory.CreateDirectory(other.Folder);
            File.WriteAllBytes(other.Graph, graph.ToByteArray());
            var input = bytes ? manifest.Input with { Type = InputType.UInt8, Layout = InputLayout.Nhwc } : manifest.Input;
            File.WriteAllBytes(Path.Combine(other.Folder, ManifestJson.FileName), ManifestJson.Write(manifest with { Input = input }));
        }
    }
}
