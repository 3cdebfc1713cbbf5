namespace Saccade.Inference.Bundles;

/// <summary>What was measured of a policy, on images that were not used to find it.</summary>
/// <param name="DataSet">Which images, and which part of them was used for what.</param>
/// <param name="Images">How many.</param>
/// <param name="Top1">Share of them answered rightly.</param>
/// <param name="Crops">Mean number of crops of an image.</param>
/// <param name="Compute">Mean multiply-adds for an image.</param>
public sealed record EarlyExitMeasurement(string DataSet, int Images, double Top1, double Crops, double Compute);
