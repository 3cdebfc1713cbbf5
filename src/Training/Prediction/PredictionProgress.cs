namespace Saccade.Training.Prediction;

/// <summary>How far a run is.</summary>
/// <param name="Done">Images that have a row, those of earlier runs included.</param>
/// <param name="Total">Images of the share.</param>
/// <param name="Computed">Images that this run has computed.</param>
/// <param name="Failed">Of these, how many failed.</param>
public readonly record struct PredictionProgress(long Done, long Total, long Computed, long Failed);
