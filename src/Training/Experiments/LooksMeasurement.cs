using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using TorchSharp;

namespace Saccade.Training.Experiments;

/// <summary>Looks at held-out pictures with a run's weights; what it saw is kept beside the run.</summary>
internal static class LooksMeasurement
{
    private const string Tensor = "probabilities";

    /// <summary>The mean probabilities of the pictures' crops, [pictures, classes], measured or read back.</summary>
    public static float[] Of(RunDirectory run, CropMode mode, IImageSource pictures, int threads, CancellationToken cancellation)
    {
        var record = run.ReadRecord();
        var file = Path.Combine(run.Path, $"looks-{mode}-of-{pictures.Count}.safetensors");
        if (File.Exists(file))
        {
            using var kept = SafetensorsReader.Open(file);
            return MemoryMarshal
                .Cast<byte, float>(kept.Read(kept.Find(Tensor) ?? throw new InvalidDataException($"'{file}' holds no {Tensor}.")))
                .ToArray();
        }

        torch.set_num_threads(threads);
        using var network = RunWeights.Load(run, record);
        var probabilities = new float[pictures.Count * record.Labels.Count];
        var crops = new EvaluationCrops(mode, record.Preprocessing, record.Network.InputSize);
        new Evaluator(pictures, crops, threads, TimeProvider.System).Run(network, probabilities: probabilities, cancellation: cancellation);
        AtomicFile.Write(
            file,
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        new SafetensorsTensor(
                            Tensor,
                            SafetensorsType.F32,
                            [pictures.Count, record.Labels.Count],
                            MemoryMarshal.AsBytes<float>(probabilities).ToArray()
                        ),
                    ]
                )
        );
        return probabilities;
    }
}
