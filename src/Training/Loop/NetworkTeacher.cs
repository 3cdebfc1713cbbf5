using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>A teacher that computes as the run does: on its device, in its precision.</summary>
public sealed class NetworkTeacher : ITeacher
{
    private readonly NetworkModule _network;

    /// <summary>Takes a network over, which it disposes.</summary>
    /// <param name="network">With the run's classes and input, on its device.</param>
    public NetworkTeacher(NetworkModule network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
        network.eval();
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor pixels)
    {
        using var _ = no_grad();
        return _network.forward(pixels).Logits.to(ScalarType.Float32);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
