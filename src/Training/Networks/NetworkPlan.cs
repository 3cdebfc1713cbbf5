using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>Everything that is decided before a network is built.</summary>
/// <param name="Name">The preset's name.</param>
/// <param name="Pixels">Rows and columns of the input.</param>
/// <param name="Stem">How far the image is shrunk before the first blocks.</param>
/// <param name="Variant">Whose network it is.</param>
/// <param name="Traits">The variant's, with those that were chosen in place of its own.</param>
/// <param name="Options">What was asked for.</param>
public sealed record NetworkPlan(string Name, int Pixels, Stem Stem, Variant Variant, TraitSet Traits, NetworkOptions Options);
