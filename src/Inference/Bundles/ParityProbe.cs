namespace Saccade.Inference.Bundles;

/// <summary>
/// The trained network's logits for the first images of a fixed noise, so that a bundle can be proved from its files alone.
/// </summary>
/// <param name="Images">How many.</param>
/// <param name="Logits">[images, classes], 32-bit floats, row-major, little-endian, as base64.</param>
public sealed record ParityProbe(int Images, byte[] Logits);
