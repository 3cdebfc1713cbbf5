namespace Saccade.Training.Prediction;

/// <summary>What decides the rows of a result beside the images: rows of different settings do not belong together.</summary>
/// <param name="Model">Name of the model or ensemble.</param>
/// <param name="Fingerprint">SHA-256 of its files and its members'.</param>
/// <param name="Crops">Crops of each image, as for <c>/classify</c>.</param>
/// <param name="Top">Predictions of each image.</param>
/// <param name="EmbeddingSize">Numbers in an embedding; 0 where none is asked for.</param>
/// <param name="Normalise">Whether embeddings have the length 1.</param>
/// <param name="IsMultiLabel">Whether labels do not exclude each other, so that each is selected or not.</param>
public sealed record PredictionSettings(
    string Model,
    string Fingerprint,
    string Crops,
    int Top,
    int EmbeddingSize,
    bool Normalise,
    bool IsMultiLabel = false
);
