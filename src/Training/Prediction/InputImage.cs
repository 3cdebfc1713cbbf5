namespace Saccade.Training.Prediction;

/// <summary>An image to predict.</summary>
/// <param name="Name">What it is called in the result: the same wherever the images are mounted.</param>
/// <param name="Path">Where it is.</param>
public sealed record InputImage(string Name, string Path);
