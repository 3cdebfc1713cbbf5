namespace Saccade.Training.Networks.Variants;

/// <summary>A network as one implementation has it.</summary>
/// <param name="Name">The implementation's name, lower case.</param>
/// <param name="Source">Where it was read.</param>
/// <param name="Dropout">Share dropped before the classifier.</param>
/// <param name="Traits">All traits of the network, as they are there.</param>
public sealed record Variant(string Name, string Source, double Dropout, TraitSet Traits);
