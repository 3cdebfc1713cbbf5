using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>Moves a network's parameters by their gradients. Its state is open, so that a checkpoint can hold it.</summary>
public interface IOptimiser : IDisposable
{
    /// <summary>What it remembers between steps, by names that differ between optimisers.</summary>
    IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>Moves every parameter that has a gradient. The gradients are overwritten on the way and of no use afterwards.</summary>
    /// <param name="learningRate">η of this step.</param>
    void Step(double learningRate);
}
