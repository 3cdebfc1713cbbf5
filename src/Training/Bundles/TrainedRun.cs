using System.Runtime.InteropServices;
using Saccade.Training.Checkpoints;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Bundles;

/// <summary>A finished run as an export needs it.</summary>
/// <param name="Record">What defined it.</param>
/// <param name="Network">Its network.</param>
/// <param name="Weights">Averaged weights and running statistics by the graph's names; auxiliary classifiers left out.</param>
public sealed record TrainedRun(RunRecord Record, Network Network, IReadOnlyDictionary<string, float[]> Weights)
{
    /// <summary>Whether the weights are those of the epoch that did best on the held-out part, and not the last one's.</summary>
    public bool IsBest { get; init; }

    /// <summary>Reads <c>run.json</c> and <c>weights.safetensors</c>.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="best">Whether to read <c>best.safetensors</c> in its place.</param>
    /// <exception cref="InvalidDataException">There is no run, or its weights are not those of its network; the message names the
    /// tensor.</exception>
    /// <exception cref="NetworkException">The record asks for a network that cannot be built.</exception>
    public static TrainedRun Read(RunDirectory run, bool best = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        var record = run.ReadRecord();
        var network = RunNetworks.Build(record.Network);
        if (record.Labels.Count != network.Classes)
            throw new InvalidDataException($"'{run.RecordFile}' has {record.Labels.Count} labels for {network.Classes} classes.");
        var path = best ? run.BestFile : run.WeightsFile;
        if (!File.Exists(path))
            throw new InvalidDataException($"'{run.Path}' holds no trained weights yet: it has no {Path.GetFileName(path)}.");

        using var file = SafetensorsReader.Open(path);
        var weights = network
            .Main.SelectMany(node => node.Weights)
            .Where(weight => weight.Role != WeightRole.BatchCount)
            .ToDictionary(weight => weight.Name, weight => Read(file, Path.GetFileName(path), weight), StringComparer.Ordinal);
        return new TrainedRun(record, network, weights) { IsBest = best };
    }

    private static float[] Read(SafetensorsReader file, string name, WeightSpec weight)
    {
        var entry = file.Find(weight.Name) ?? throw new InvalidDataException($"{name} lacks {weight.Name}.");
        if (entry.Type != SafetensorsType.F32 || !entry.Shape.SequenceEqual(weight.Shape))
        {
            throw new InvalidDataException(
                $"{name}: {weight.Name} is {entry.Type} [{string.Join(", ", entry.Shape)}], not F32 "
                    + $"[{string.Join(", ", weight.Shape)}]."
            );
        }

        return MemoryMarshal.Cast<byte, float>(file.Read(entry)).ToArray();
    }
}
