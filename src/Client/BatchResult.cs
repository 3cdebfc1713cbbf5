namespace Saccade.Client;

/// <summary>What became of one image of a batch: exactly one of <see cref="Answer"/> and <see cref="Failure"/> is set.</summary>
/// <param name="Index">Position among the images, from 0.</param>
/// <param name="Image">The image.</param>
/// <param name="Answer">Its labels.</param>
/// <param name="Failure">Why there are none: what <see cref="SaccadeClient.ClassifyAsync"/> would have thrown.</param>
public sealed record BatchResult(int Index, ImageSource Image, Classification? Answer, Exception? Failure);
