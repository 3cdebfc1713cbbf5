using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>The classes of a batch of images, each of which may be made of two.</summary>
/// <param name="First">[N], int64.</param>
/// <param name="Second">The classes of what was mixed in, [N]; null where nothing was.</param>
/// <param name="SecondShare">How much of an image that is, in [0, 1].</param>
internal readonly record struct MixedLabels(Tensor First, Tensor? Second = null, float SecondShare = 0);
