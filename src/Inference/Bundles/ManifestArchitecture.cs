namespace Saccade.Inference.Bundles;

/// <summary>The network of a bundle.</summary>
/// <param name="Name">Preset name, such as <c>googlenet-bn</c>.</param>
/// <param name="Width">Channel multiplier, 1 for the published widths.</param>
/// <param name="Parameters">Trainable parameters of the served network (auxiliary classifiers excluded, before folding).</param>
/// <param name="Macs">Multiply-adds for one crop (convolutions and linear layers).</param>
public sealed record ManifestArchitecture(string Name, double Width, long Parameters, long Macs);
