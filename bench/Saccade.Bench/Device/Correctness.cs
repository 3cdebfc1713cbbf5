using Microsoft.ML.OnnxRuntime;
using Saccade.Inference.Bundles;
using Saccade.Training.Data;

namespace Saccade.Bench.Device;

/// <summary>The device's logits against the processor's, for the same graph and input; and 16 bits against 32 by the classes named
/// first.</summary>
internal sealed class Correctness(Accelerator accelerator, string records)
{
    private const string Part = "check";

    // Of logits near 1; those of random weights are larger, and so is what rounding does to them.
    private const double MostDifference = 1e-3;
    private const double LeastAgreement = 0.999;
    private const int NoiseRows = 16;
    private const int Chunk = 100;

    private readonly List<string> _failures = [];

    /// <summary>Compares every model on noise, and trained ones on held-out images.</summary>
    /// <param name="bundles">The models.</param>
    /// <param name="data">Folder of the images; null if there are none.</param>
    /// <returns>What is not as it must be, one line each.</returns>
    public IReadOnlyList<string> Run(IEnumerable<DeviceBundle> bundles, string? data)
    {
        foreach (var bundle in bundles)
            Compare(bundle);

        if (data is not null)
        {
            var heldOut = DataSet.Open(data);
            foreach (var bundle in bundles.Where(bundle => bundle.Manifest.Labels.SequenceEqual(heldOut.Labels, StringComparer.Ordinal)))
                Agree(bundle, heldOut.HeldOut);
        }

        return _failures;
    }

    private void Compare(DeviceBundle bundle)
    {
        using var noise = HostTensor.Random(bundle.Manifest.Input, NoiseRows);
        using var here = Accelerator.Cpu.Load(bundle.Graph);
        using var there = accelerator.Load(bundle.Graph);
        var expected = Logits(here, bundle.Manifest, noise.Value);
        var actual = Logits(there, bundle.Manifest, noise.Value);
        var difference = expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second));
        var size = Math.Max(1, expected.Max(Math.Abs));
        var record = new DeviceRecord(Part, bundle.Architecture, bundle.Heading(accelerator), "noise")
        {
            Batch = NoiseRows,
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["maxAbsDifference"] = difference, ["largestLogit"] = size },
        };
        // TF32 and 16 bits are less exact by design; how much less is what the figure tells.
        Judge(
            record,
            !actual.All(float.IsFinite)
                || (record.Format.StartsWith("fp32", StringComparison.Ordinal) && !(difference <= MostDifference * size))
        );
    }

    private void Agree(DeviceBundle bundle, IImageSource images)
    {
        // Pixels are prepared as floats here; what takes bytes is compared on noise.
        if (bundle.Manifest.Input.Type != InputType.Float32)
            return;
        var exact = bundle with { Format = DeviceBundle.Formats[0] };
        using var here = Accelerator.Cpu.Load(exact.Graph);
        using var there = accelerator.Load(bundle.Graph);
        var manifest = exact.Manifest;
        var crops = new EvaluationCrops(CropMode.Single, manifest.Preprocessing, manifest.Input.Height);
        var (same, difference) = (0, 0.0);
        for (var first = 0; first < images.Count; first += Chunk)
        {
            var (agreeing, largest) = CompareRows(first, Math.Min(Chunk, images.Count - first));
            same += agreeing;
            difference = Math.Max(difference, largest);
        }

        var share = (double)same / images.Count;
        var record = new DeviceRecord(Part, bundle.Architecture, bundle.Heading(accelerator), "held-out")
        {
            Batch = Chunk,
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["images"] = images.Count,
                ["agreement"] = share,
                ["maxAbsDifference"] = difference,
            },
        };
        Judge(record, share < LeastAgreement || (record.Format == "fp32" && !(difference <= MostDifference)));

        (int Same, double Largest) CompareRows(int first, int rows)
        {
            using var input = Prepared(images, first, rows, crops, manifest);
            var expected = Logits(here, manifest, input.Value);
            var actual = Logits(there, manifest, input.Value);
            return (
                Best(expected, manifest).Zip(Best(actual, manifest)).Count(pair => pair.First == pair.Second),
                expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second))
            );
        }
    }

    private void Judge(DeviceRecord record, bool fails)
    {
        if (fails)
        {
            record = record with { Problem = "not equal enough" };
            _failures.Add(
                $"{record.Model} {record.Format}, {record.Variant}: "
                    + $"{string.Join(", ", record.Figures!.Select(figure => $"{figure.Key} {figure.Value:g4}"))}"
            );
        }

        record.AppendTo(records);
    }

    private static HostTensor Prepared(IImageSource images, int first, int rows, EvaluationCrops crops, ModelManifest manifest)
    {
        var values = new float[rows * crops.FloatsPerImage];
        for (var row = 0; row < rows; row++)
        {
            using var image = images.Load(first + row);
            crops.Write(first + row, image, values.AsSpan(row * crops.FloatsPerImage, crops.FloatsPerImage));
        }

        return HostTensor.Of(values, manifest.Input, rows);
    }

    private static int[] Best(float[] logits, ModelManifest manifest) =>
        [.. logits.Chunk(manifest.Labels.Count).Select(row => Array.IndexOf(row, row.Max()))];

    private static float[] Logits(InferenceSession session, ModelManifest manifest, OrtValue input)
    {
        using var options = new RunOptions();
        using var outputs = session.Run(options, [manifest.Input.Name], [input], [manifest.Output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
