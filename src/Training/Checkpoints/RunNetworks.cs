using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Checkpoints;

/// <summary>From a run's record to the network it describes.</summary>
public static class RunNetworks
{
    /// <summary>Builds the graph that a run trains.</summary>
    /// <exception cref="NetworkException">No preset has the name, or an option does not suit it.</exception>
    public static Network Build(RunNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Architectures.Create(
            network.Architecture,
            new NetworkOptions
            {
                Classes = network.Classes,
                Width = network.Width,
                Input = network.InputSize,
                Stem = network.Stem,
                Variant = network.Variant,
                Traits = network.Traits ?? TraitSet.Empty,
                Aux = network.Aux,
                Dropout = network.Dropout,
            }
        );
    }
}
