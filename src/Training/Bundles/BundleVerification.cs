using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Bundles;

/// <summary>Checks a bundle from its files alone: is it whole, does it agree with itself, does it run?</summary>
public static class BundleVerification
{
    private const int Batch = 5;

    // Of the logits' spread. A step of a rounded value is that much larger than a float's, and another processor rounds some of them the
    // other way.
    private const double RoundedTolerance = 0.01;

    /// <summary>Yields a line for every check passed, in order.</summary>
    /// <exception cref="InvalidDataException">A check fails; the message says what was found and what was expected.</exception>
    public static IEnumerable<string> Run(BundleFolder bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var (bytes, manifest) = bundle.Read();
        var probe = bundle.ReadProbe();
        yield return $"manifest: format {manifest.Format}, {manifest.Architecture.Name}, {manifest.Labels.Count} labels";
        yield return Sha256(bytes, manifest);
        var model = Parse(bytes);
        yield return Format(model);
        yield return Numbers(model.Graph, manifest);

        using var runner = new OnnxRunner(bytes);
        yield return Signature(runner, manifest);
        yield return Labels(runner, manifest);
        yield return Preprocessing(runner, manifest);
        yield return Normalisation(model.Graph, runner, manifest);
        yield return Parity(manifest);

        var noise = Pixels.Noise(runner.Input, Batch).Select(image => ParityCheck.Feed(runner, image, manifest.Preprocessing)).ToArray();
        var alone = noise.Select(runner.Run).ToArray();
        var together = runner.Run([.. noise.SelectMany(image => image)]).Chunk(runner.Classes).ToArray();
        yield return Finite([.. alone, .. together]);
        yield return Invariant("logits", alone, together, manifest);
        yield return Features(model.Graph, runner, noise, manifest);
        if (probe is null)
        {
            yield return "probe: none; a changed weight, resize, interpolation, channel order, mean or std would not be seen";
        }
        else
        {
            var now = BundleProbe.Of(bytes, manifest, images: probe.Images);
            yield return Crops(probe, now);
            yield return Answers(probe, now, manifest);
        }

        yield return Trained(alone, probe, runner, manifest);
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
            runner.Classes == manifest.Labels.Count
                || (runner.Classes == 1 && manifest is { Labels.Count: 2, Activation: Activation.Sigmoid or Activation.None }),
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

    /// <summary>The manifest says how images are prepared, and so does the graph: whoever changes one must change both.</summary>
    private static string Preprocessing(OnnxRunner runner, ModelManifest manifest)
    {
        if (ModelMetadata.PreprocessingIn(runner.Metadata) is not { } exported)
            return "preprocessing: the graph does not say what it was exported with";

        var now = manifest.Preprocessing;
        Same("resizeShorterSide", now.ResizeShorterSide, exported.ResizeShorterSide);
        Same("interpolation", now.Interpolation, exported.Interpolation);
        Same("channelOrder", now.ChannelOrder, exported.ChannelOrder);
        Same("scale", now.Scale, exported.Scale);
        Same("mean", string.Join(' ', now.Mean), string.Join(' ', exported.Mean));
        Same("std", string.Join(' ', now.Std), string.Join(' ', exported.Std));
        return "preprocessing: what model.onnx was exported with";

        static void Same<T>(string what, T now, T exported)
            where T : notnull => Require(now.Equals(exported), $"the manifest's {what} is {now}, model.onnx was exported with {exported}");
    }

    /// <summary>Of a graph that takes pixels, the mean and std that are built in; the manifest's do nothing then.</summary>
    private static string Normalisation(GraphProto graph, OnnxRunner runner, ModelManifest manifest)
    {
        if (!runner.TakesPixels)
            return "normalisation: by the service, with the manifest's mean and std";
        if (PixelInput.Find(graph) is not var (factor, offset))
            return "normalisation: part of the first convolution; mean and std are only what model.onnx says of itself";

        var expected = Pixels.Normalisation(manifest.Preprocessing);
        Require(
            factor.SequenceEqual(expected.Factor) && offset.SequenceEqual(expected.Offset),
            "the mean and std inside the graph are not the manifest's"
        );
        return "normalisation: inside the graph, with the manifest's mean and std";
    }

    private static string Parity(ModelManifest manifest)
    {
        if (manifest.Parity is not { } parity)
            return "parity: none recorded";

        var limit = ParityCheck.Limit(parity.LogitSpread ?? ParityCheck.Spread(BundleProbe.Floats(parity.Probe?.Logits ?? [])));
        Require(
            parity.MaxAbsLogitDifference >= 0 && (manifest.Precision != Precision.Fp32 || parity.MaxAbsLogitDifference <= limit),
            $"the recorded parity {parity.MaxAbsLogitDifference:g3} is above {limit:g3}"
        );
        var agreement = parity is { Top1Agreement: { } share, Top1Images: { } compared }
            ? $"; the first class was kept by {share:p2} of {compared}"
            : "";
        return $"parity: at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} images when exported{agreement}";
    }

    private static string Finite(float[][] logits)
    {
        Require(logits.All(row => row.All(float.IsFinite)), "the graph gives values that are not finite");
        return $"runs: N=1 and N={Batch}, every value finite";
    }

    private static string Invariant(string what, float[][] alone, float[][] together, ModelManifest manifest)
    {
        var worst = alone.Zip(together, (one, other) => ParityCheck.LargestDifference(one, other)).Max();
        var limit = Tolerance(manifest, [.. alone.SelectMany(row => row)]);
        Require(worst <= limit, $"an image's {what} change by {worst:g3} with its batch-mates");
        return $"batch invariance: {what} change by at most {worst:g3} with the batch";
    }

    /// <summary>The layer before the classifier, where the manifest says that the graph gives it.</summary>
    private static string Features(GraphProto graph, OnnxRunner runner, float[][] noise, ModelManifest manifest)
    {
        if (manifest.Features is not { } features)
        {
            Require(runner.FeaturesSize == 0, $"the graph gives '{OnnxWriter.FeaturesName}', of which the manifest says nothing");
            return "features: the graph does not give them";
        }

        Require(
            features == new ManifestFeatures(OnnxWriter.FeaturesName, runner.FeaturesSize),
            $"the manifest's features are {features.Size} numbers named '{features.Output}', the graph's {runner.FeaturesSize} named "
                + $"'{OnnxWriter.FeaturesName}'"
        );
        Require(
            Origin(graph, Maker(graph, manifest.Output).Input[0]) == Origin(graph, features.Output),
            "the classifier reads other features"
        );
        var alone = noise.Select(runner.RunFeatures).ToArray();
        var together = runner.RunFeatures([.. noise.SelectMany(image => image)]).Chunk(features.Size).ToArray();
        _ = Finite([.. alone, .. together]);
        _ = Invariant("features", alone, together, manifest);
        return $"features: {features.Output} [N, {features.Size}], what the classifier reads; finite, whatever the batch";
    }

    /// <summary>The operator that makes a value; conversions between number formats are passed over.</summary>
    private static NodeProto Maker(GraphProto graph, string value) =>
        graph.Node.FirstOrDefault(node => node.Output.Contains(Origin(graph, value)))
        ?? throw new InvalidDataException($"no operator makes '{value}'.");

    /// <summary>The value that a value is another form of.</summary>
    private static string Origin(GraphProto graph, string value)
    {
        while (graph.Node.FirstOrDefault(node => node.OpType == "Cast" && node.Output.Contains(value)) is { Input: [var from, ..] })
            value = from;
        return value;
    }

    /// <summary>Resize, filter, crop and channel order, to the bit.</summary>
    private static string Crops(BundleProbe probe, BundleProbe now)
    {
        Require(probe.ImagesSha256 == now.ImagesSha256, $"{BundleProbe.FileName} is of other images than this version makes");
        Require(
            probe.CropsSha256 == now.CropsSha256,
            "the crops of the probe's images are not those of the export: resizeShorterSide, interpolation or channelOrder was changed"
        );
        return $"probe: the crops of {probe.Images} made-up images are those of the export";
    }

    /// <summary>The graph's answers now against its answers when it was exported.</summary>
    private static string Answers(BundleProbe probe, BundleProbe now, ModelManifest manifest)
    {
        Require(
            probe.ModelSha256 == now.ModelSha256,
            $"model.onnx has sha256 {now.ModelSha256}, {BundleProbe.FileName} was made with {probe.ModelSha256}"
        );
        var (expected, actual) = (BundleProbe.Floats(probe.Logits), BundleProbe.Floats(now.Logits));
        RequireSameLength(expected, actual);
        var spread = ParityCheck.Spread(expected);
        var limit =
            manifest.Precision == Precision.Fp32
                ? ParityCheck.Limit(spread)
                : Math.Max(ParityCheck.Limit(spread), RoundedTolerance * spread);
        var worst = ParityCheck.LargestDifference(expected, actual);
        Require(
            worst <= limit,
            $"the graph's answers to the probe's images differ by {worst:g3} from those of the export; at most {limit:g3} is accepted"
        );
        return $"probe: the graph's answers differ by at most {worst:g3} from those of the export";
    }

    /// <summary>The graph's answers now, as it is served, against the trained network's at the time of the export.</summary>
    private static string Trained(float[][] noise, BundleProbe? probe, OnnxRunner runner, ModelManifest manifest)
    {
        float[] expected;
        float[] actual;
        int images;
        if (probe?.Trained is { } trained)
        {
            (expected, images) = (BundleProbe.Floats(trained), probe.Images);
            var crops = CentreCrops.Of(new ProbeImages(manifest.Input.Height, images), images, manifest).SelectMany(pixels => pixels);
            actual = runner.Run(ParityCheck.Feed(runner, [.. crops], manifest.Preprocessing));
        }
        else if (manifest.Parity?.Probe is { Images: > 0 and <= Batch } kept)
        {
            (expected, images) = (BundleProbe.Floats(kept.Logits), kept.Images);
            actual = [.. noise.Take(images).SelectMany(row => row)];
        }
        else
        {
            return "parity now: the bundle keeps no answers of the trained network to compare with";
        }

        RequireSameLength(expected, actual);
        var worst = ParityCheck.LargestDifference(expected, actual);
        Require(worst <= Tolerance(manifest, expected), $"the graph's logits differ by {worst:g3} from those of the trained network");
        return $"parity now: at most {worst:g3} from the trained network's logits on {images} images";
    }

    /// <summary>Rounded weights may do again what they did when they were measured, and on another processor a little more.</summary>
    private static double Tolerance(ModelManifest manifest, ReadOnlySpan<float> logits)
    {
        var limit = ParityCheck.Limit(ParityCheck.Spread(logits));
        return manifest.Precision == Precision.Fp32
            ? limit
            : Math.Max(limit, 2 * (manifest.Parity?.MaxAbsLogitDifference ?? double.PositiveInfinity));
    }

    private static void RequireSameLength(float[] expected, float[] actual) =>
        Require(expected.Length == actual.Length, $"the bundle keeps {expected.Length} logits where the graph gives {actual.Length}");

    private static string Accuracy(ModelManifest manifest) =>
        manifest.Accuracy is { } accuracy
            ? "accuracy when exported: top-1 "
                + $"{string.Join(", ", accuracy.Top1ByCrops.Select(top1 => $"{top1.Value:p2} with {top1.Key} crop(s)"))} on "
                + $"{accuracy.Images} images of {accuracy.DataSet}"
            : "accuracy: never measured";

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidDataException($"{otherwise}.");
    }
}
