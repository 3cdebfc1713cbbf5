using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx;

/// <summary>Checks a bundle from its files alone: is it whole, does it agree with itself, does it run?</summary>
public static class BundleVerification
{
    private const int Batch = 5;

    /// <summary>Yields a line for every check passed, in order.</summary>
    /// <exception cref="InvalidDataException">A check fails; the message says what was found and what was expected.</exception>
    public static IEnumerable<string> Run(BundleFolder bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var (bytes, manifest) = bundle.Read();
        yield return $"manifest: format {manifest.Format}, {manifest.Architecture.Name}, {manifest.Labels.Count} labels";
        yield return Sha256(bytes, manifest);
        var model = Parse(bytes);
        yield return Format(model);
        yield return Numbers(model.Graph, manifest);

        using var runner = new OnnxRunner(bytes);
        yield return Signature(runner, manifest);
        yield return Labels(runner, manifest);
        yield return Parity(manifest);

        var pictures = Pixels
            .Noise(runner.Input, Batch)
            .Select(picture => ParityCheck.Feed(runner, picture, manifest.Preprocessing))
            .ToArray();
        var alone = pictures.Select(runner.Run).ToArray();
        var together = runner.Run([.. pictures.SelectMany(picture => picture)]).Chunk(runner.Classes).ToArray();
        yield return Finite([.. alone, .. together]);
        yield return Invariant(alone, together, manifest);
        yield return Probe(alone, manifest);
        yield return Accuracy(manifest);
    }

    private static string Sha256(byte[] bytes, ModelManifest manifest)
    {
        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Require(manifest.Sha256 is not null, $"the manifest has no sha256; model.onnx has {actual}");
        Require(manifest.Sha256 == actual, $"model.onnx has sha256 {actual}, the manifest says {manifest.Sha256}");
        return $"sha256: {actual}";
    }

    private static ModelProto Parse(byte[] bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"model.onnx is no ONNX file: {e.Message}", e);
        }
    }

    private static string Format(ModelProto model)
    {
        var opset = model.OpsetImport.FirstOrDefault(import => import.Domain.Length == 0)?.Version ?? 0;
        Require(opset >= OnnxWriter.Opset, $"model.onnx has operator set {opset}; {OnnxWriter.Opset} or later is expected");
        return $"format: ONNX IR {model.IrVersion}, operator set {opset}, {model.Graph.Node.Count} operators, by {model.ProducerName} "
            + $"{model.ProducerVersion}";
    }

    /// <summary>What the convolutions' weights are stored as is what the manifest says.</summary>
    private static string Numbers(GraphProto graph, ModelManifest manifest)
    {
        var types = graph
            .Initializer.DistinctBy(tensor => tensor.Name)
            .ToDictionary(tensor => tensor.Name, tensor => (DataType)tensor.DataType, StringComparer.Ordinal);
        var whole = graph
            .Node.Where(node => node is { OpType: "DequantizeLinear", Output: [_, ..], Input: [_, ..] })
            .DistinctBy(node => node.Output[0])
            .ToDictionary(node => node.Output[0], node => node.Input[0], StringComparer.Ordinal);
        var kernels = graph
            .Node.Where(node => node is { OpType: "Conv", Input: [_, _, ..] })
            .Select(node => types.GetValueOrDefault(whole.GetValueOrDefault(node.Input[1], node.Input[1])))
            .ToArray();
        var (integers, halves) = (kernels.Count(type => type == DataType.Int8), kernels.Count(type => type == DataType.Float16));
        var found =
            integers > 0 ? Precision.Int8
            : halves > 0 ? Precision.Fp16
            : Precision.Fp32;
        Require(found == manifest.Precision, $"the graph's convolutions are {Name(found)}, the manifest says {Name(manifest.Precision)}");
        return $"precision: {Name(found)}{(integers > 0 ? $", {integers} of {kernels.Length} convolutions in integers" : "")}";

        static string Name(Precision precision) => precision.ToString().ToLowerInvariant();
    }

    private static string Signature(OnnxRunner runner, ModelManifest manifest)
    {
        var input = manifest.Input;
        var graph = runner.TakesPixels ? new ExportFormat(Input: InputType.UInt8) : new ExportFormat();
        Require(
            input.Type == graph.Input && input.Layout == graph.Layout,
            $"the manifest's input is {input.Type} {input.Layout}, the graph's {graph.Input} {graph.Layout}"
        );
        Require(runner.InputName == input.Name, $"the graph's input is '{runner.InputName}', the manifest says '{input.Name}'");
        Require(
            runner.OutputName == manifest.Output,
            $"the graph's output is '{runner.OutputName}', the manifest says '{manifest.Output}'"
        );
        Require(
            runner.Input.Height == input.Height && runner.Input.Width == input.Width,
            $"the graph's input is {runner.Input}, the manifest says {input.Height}×{input.Width}"
        );
        Require(
            runner.Classes == manifest.Labels.Count,
            $"the graph has {runner.Classes} classes, the manifest {manifest.Labels.Count} labels"
        );
        var sizes = runner.TakesPixels ? $"{input.Height}, {input.Width}, 3" : $"3, {input.Height}, {input.Width}";
        return $"signature: {input.Name} {input.Type} [N, {sizes}] → {manifest.Output} [N, {runner.Classes}]";
    }

    private static string Labels(OnnxRunner runner, ModelManifest manifest)
    {
        if (!runner.Metadata.TryGetValue(ModelMetadata.Labels, out var json))
            return "labels: the graph carries none of its own";

        Require(
            JsonSerializer.Deserialize<string[]>(json) is { } labels && labels.SequenceEqual(manifest.Labels, StringComparer.Ordinal),
            "the labels inside model.onnx are not the manifest's"
        );
        return "labels: those inside model.onnx are the manifest's";
    }

    private static string Parity(ModelManifest manifest)
    {
        if (manifest.Parity is not { } parity)
            return "parity: none recorded";

        var limit = Limit(manifest);
        Require(
            parity.MaxAbsLogitDifference >= 0 && (manifest.Precision != Precision.Fp32 || parity.MaxAbsLogitDifference <= limit),
            $"the recorded parity {parity.MaxAbsLogitDifference:g3} is above {limit:g3}"
        );
        var agreement = parity is { Top1Agreement: { } share, Top1Images: { } images }
            ? $"; the first class was kept by {share:p2} of {images}"
            : "";
        return $"parity: at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} pictures when exported{agreement}";
    }

    private static string Finite(float[][] logits)
    {
        Require(logits.All(row => row.All(float.IsFinite)), "the graph gives values that are not finite");
        return $"runs: N=1 and N={Batch}, every value finite";
    }

    private static string Invariant(float[][] alone, float[][] together, ModelManifest manifest)
    {
        var worst = alone.Zip(together, (one, other) => ParityCheck.LargestDifference(one, other)).Max();
        Require(worst <= Tolerance(manifest), $"a picture's logits change by {worst:g3} with its batch-mates");
        return $"batch invariance: logits change by at most {worst:g3} with the batch";
    }

    /// <summary>The graph's answers now against the trained network's at the time of the export.</summary>
    private static string Probe(float[][] logits, ModelManifest manifest)
    {
        if (manifest.Parity?.Probe is not { } probe)
            return "parity now: the manifest keeps no answers of the trained network to compare with";

        var expected = MemoryMarshal.Cast<byte, float>(probe.Logits);
        var actual = logits.Take(probe.Images).SelectMany(row => row).ToArray();
        Require(
            probe.Images is > 0 and <= Batch && expected.Length == actual.Length,
            $"the manifest keeps {expected.Length} logits of {probe.Images} pictures, the graph has {manifest.Labels.Count} classes"
        );
        var worst = ParityCheck.LargestDifference(expected, actual);
        Require(worst <= Tolerance(manifest), $"the graph's logits differ by {worst:g3} from those of the trained network");
        return $"parity now: at most {worst:g3} from the trained network's logits on {probe.Images} pictures";
    }

    /// <summary>Rounded weights may do again what they did when they were measured, and on another processor a little more.</summary>
    private static double Tolerance(ModelManifest manifest) =>
        manifest.Precision == Precision.Fp32
            ? Limit(manifest)
            : Math.Max(Limit(manifest), 2 * (manifest.Parity?.MaxAbsLogitDifference ?? double.PositiveInfinity));

    private static double Limit(ModelManifest manifest) =>
        ParityCheck.Limit(MemoryMarshal.Cast<byte, float>(manifest.Parity?.Probe?.Logits ?? []));

    private static string Accuracy(ModelManifest manifest) =>
        manifest.Accuracy is { } accuracy
            ? "accuracy when exported: top-1 "
                + $"{string.Join(", ", accuracy.Top1ByCrops.Select(top1 => $"{top1.Value:p2} with {top1.Key} crop(s)"))} on "
                + $"{accuracy.Images} pictures of {accuracy.DataSet}"
            : "accuracy: never measured";

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidDataException($"{otherwise}.");
    }
}
