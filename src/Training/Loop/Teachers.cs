using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>
/// Trained networks whose predictions a run learns from beside the labels (Hinton et al. 2015). They are asked about the very crops, mixed
/// and erased as they are, that the run's network sees: what was predicted for another view would be wrong about this one (Beyer et al.
/// 2022).
/// </summary>
public sealed class Teachers : IDisposable
{
    private readonly IReadOnlyList<NetworkModule> _networks;

    /// <summary>Takes networks over, which it disposes.</summary>
    /// <param name="networks">At least one, each with the run's classes and input.</param>
    public Teachers(IReadOnlyList<NetworkModule> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        _networks = networks;
        foreach (var network in networks)
            network.eval();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in _networks)
            network.Dispose();
    }

    /// <summary>
    /// Cross-entropy of a network's probabilities with the mean of the teachers', both softened by a temperature, times its square: so the
    /// gradients stay as large as those of the labels (Hinton et al. 2015, §2). A mean over the batch.
    /// </summary>
    /// <param name="scores">The network's logits, [N, classes], 32-bit floats.</param>
    /// <param name="pixels">What it saw, [N, 3, H, W], in the precision that it computes in.</param>
    /// <param name="temperature">Above 0; the logits are divided by it.</param>
    /// <remarks>Call in a dispose scope.</remarks>
    internal Tensor Loss(Tensor scores, Tensor pixels, double temperature)
    {
        var soft = tensor((float)temperature).to(scores.device);
        return (Probabilities(pixels, soft) * nn.functional.log_softmax(scores / soft, 1)).sum(1).mean().neg() * soft * soft;
    }

    private Tensor Probabilities(Tensor pixels, Tensor temperature)
    {
        using var _ = no_grad();
        var predictions = _networks.Select(network =>
            nn.functional.softmax(network.forward(pixels).Logits.to(ScalarType.Float32) / temperature, 1)
        );
        return stack([.. predictions]).mean([0]);
    }
}
