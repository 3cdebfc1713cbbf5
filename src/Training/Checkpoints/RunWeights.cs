using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Checkpoints;

/// <summary>From a run's folder to its network.</summary>
public static class RunWeights
{
    /// <summary>Builds the network and gives it the run's weights; the caller disposes it.</summary>
    /// <exception cref="InvalidDataException">The run's first epoch is not over, or the file is not its network's.</exception>
    public static NetworkModule Load(RunDirectory run, RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(record);
        if (!File.Exists(run.WeightsFile))
            throw new InvalidDataException($"'{run.Path}' holds no weights yet: its first epoch is not over.");
        NetworkModule network = new(RunNetworks.Build(record.Network));
        using var file = SafetensorsReader.Open(run.WeightsFile);
        using var noGradient = no_grad();
        TensorFile.ReadInto(
            file,
            network.state_dict().Where(pair => pair.Value.dtype == ScalarType.Float32).Select(pair => (pair.Key, pair.Value))
        );
        return network;
    }
}
