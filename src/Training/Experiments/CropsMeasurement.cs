using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using TorchSharp;

namespace Saccade.Training.Experiments;

/// <summary>Probabilities of a run's network for held-out images by a crop plan, kept beside the run.</summary>
internal static class CropsMeasurement
{
    private const string Tensor = "probabilities";

    /// <summary>The mean probabilities of the images' crops, [images, classes], measured or read back.</summary>
    public static float[] Of(RunDirectory run, CropMode mode, IImageSource images, int threads, CancellationToken cancellation)
    {
        var record = run.ReadRecord();
        var file = Path.Combine(run.Path, $"crops-{mode}-of-{images.Count}.safetensors");
        if (File.Exists(file))
        {
            using var kept = SafetensorsReader.Open(file);
            return MemoryMarshal
                .Cast<byte, float>(kept.Read(kept.Find(Tensor) ?? throw new InvalidDataException($"'{file}' holds no {Tensor}.")))
                .ToArray();
        }

        torch.set_num_threads(threads);
        using var network = RunWeights.Load(run, record);
        var probabilities = new float[images.Count * record.Labels.Count];
        var crops = new EvaluationCrops(mode, record.Preprocessing, record.Network.InputSize);
        new Evaluator(images, crops, threads, TimeProvider.System).Run(network, probabilities: probabilities, cancellation: cancellation);
        AtomicFile.Write(
            file,
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        new SafetensorsTensor(
                            Tensor,
                            SafetensorsType.F32,
                            [images.Count, record.Labels.Count],
                            MemoryMarshal.AsBytes<float>(probabilities).ToArray()
                        ),
                    ]
                )
        );
        return probabilities;
    }
}
