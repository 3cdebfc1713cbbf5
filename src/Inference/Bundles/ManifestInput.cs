namespace Saccade.Inference.Bundles;

/// <summary>The input tensor.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Layout">Axis order.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public sealed record ManifestInput(string Name, InputType Type, InputLayout Layout, int Height, int Width);
