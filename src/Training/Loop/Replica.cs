using Saccade.Training.Checkpoints;
using Saccade.Training.Modules;
using Saccade.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using BatchNorm = Saccade.Training.Networks.Layers.BatchNorm;

namespace Saccade.Training.Loop;

/// <summary>A copy of the network that computes gradients beside others; the shared weights are the run's own.</summary>
internal sealed class Replica : IDisposable
{
    private readonly (Parameter Shared, Parameter Own)[] _parameters;
    private readonly (Tensor Shared, Tensor Own, Tensor Pulled, double Keep)[] _statistics;

    /// <summary>Builds the copy; its weights are those of the first <see cref="Pull"/>.</summary>
    public Replica(TrainingState shared, RunRecord record)
    {
        Network = new NetworkModule(RunNetworks.Build(record.Network));
        Network.train();
        _parameters =
        [
            .. shared.Network.named_parameters().Zip(Network.named_parameters(), (one, other) => (one.parameter, other.parameter)),
        ];

        // A running mean keeps 1 − momentum of itself; whatever else is no parameter keeps all.
        var keep = Network
            .Network.Nodes.Where(node => node.Layer is BatchNorm)
            .SelectMany(node =>
                node.Weights.Where(weight => weight.Role is WeightRole.RunningMean or WeightRole.RunningVariance)
                    .Select(weight => (weight.Name, Keep: 1 - ((BatchNorm)node.Layer).Momentum))
            )
            .ToDictionary(pair => pair.Name, pair => pair.Keep, StringComparer.Ordinal);
        _statistics =
        [
            .. shared
                .Network.named_buffers()
                .Zip(
                    Network.named_buffers(),
                    (one, other) =>
                        (one.buffer, other.buffer, zeros_like(other.buffer).DetachFromDisposeScope(), keep.GetValueOrDefault(other.name, 1))
                ),
        ];
    }

    public NetworkModule Network { get; }

    /// <summary>Takes the shared weights and statistics over.</summary>
    public void Pull()
    {
        using var noGradient = no_grad();
        foreach (var (shared, own) in _parameters)
            own.copy_(shared);
        foreach (var (shared, own, pulled, _) in _statistics)
        {
            own.copy_(shared);
            pulled.copy_(shared);
        }
    }

    /// <summary>Makes the copy's gradients those of the shared weights.</summary>
    public void GiveGradients()
    {
        using var scope = NewDisposeScope();
        foreach (var (shared, own) in _parameters)
            shared.grad = own.grad;
    }

    /// <summary>
    /// Takes the batch that the copy's statistics saw into the shared ones, as if it had been seen there: with r₀ pulled and
    /// r₁ = (1 − m)·r₀ + m·b since, the shared r becomes (1 − m)·r + m·b, which is r₁ + (1 − m)·(r − r₀).
    /// </summary>
    public void GiveStatistics()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (shared, own, pulled, keep) in _statistics)
        {
            shared.sub_(pulled);
            if (keep < 1)
            {
                using Scalar share = keep; // held until libtorch has read it, see Libtorch
                shared.mul_(share);
            }

            shared.add_(own, Libtorch.One);
        }
    }

    /// <summary>Makes gradients and statistics of the shared weights the weighted means of several copies'.</summary>
    /// <param name="replicas">At least one.</param>
    /// <param name="weights">Of each copy, summing to 1. What is no mean itself, such as a counter of batches, is the first copy's.</param>
    public static void GiveMeans(IReadOnlyList<Replica> replicas, IReadOnlyList<double> weights)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < replicas[0]._parameters.Length; i++)
            replicas[0]._parameters[i].Shared.grad = Mean([.. replicas.Select(replica => replica._parameters[i].Own.grad)], weights);
        for (var i = 0; i < replicas[0]._statistics.Length; i++)
        {
            var (shared, first, _, keep) = replicas[0]._statistics[i];
            shared.copy_(keep < 1 ? Mean([.. replicas.Select(replica => replica._statistics[i].Own)], weights)! : first);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_statistics, statistic => statistic.Pulled.Dispose());
        Network.Dispose();
    }

    // Into the first of them, as its distances to the others, so that the mean of equal values, such as frozen statistics, is that value to
    // the bit. What no copy used has no gradient in any.
    private static Tensor? Mean(Tensor?[] values, IReadOnlyList<double> weights)
    {
        if (values[0] is not { } mean)
            return null;
        var first = values.Length > 2 ? mean.clone() : mean;
        for (var i = 1; i < values.Length; i++)
        {
            using Scalar share = weights[i];
            mean.add_(values[i]!.sub(first), share);
        }

        return mean;
    }
}
