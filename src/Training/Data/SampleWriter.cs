using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Turns a decoded image into the floats the network reads. Called from several threads at once.</summary>
/// <param name="index">The image's index in its source; with the epoch it fixes every random choice.</param>
/// <param name="image">The image.</param>
/// <param name="target">All crops of the image, [crops, 3, height, width].</param>
public delegate void SampleWriter(int index, DecodedImage image, Span<float> target);
