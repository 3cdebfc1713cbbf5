namespace Saccade.Inference;

/// <summary>
/// Why a request was not answered with labels, named by where it stopped. Expected failures are values, not exceptions;
/// the HTTP side has one table from this enumeration to status, code and log level.
/// </summary>
public enum ClassifyFailure
{
    /// <summary>No model, or no version of it, has the requested name.</summary>
    UnknownModel,

    /// <summary>The model has no plan of the requested number of crops, or the queue can never hold as many.</summary>
    UnsupportedCrops,

    /// <summary>The model's graph does not give its features, or it is an ensemble, whose members have features of their own.</summary>
    NoFeatures,

    /// <summary>The bytes are of no image format that is read here.</summary>
    UnsupportedImage,

    /// <summary>The header declares more pixels, or a longer side, than the limits allow. Nothing was allocated for it.</summary>
    ImageTooLarge,

    /// <summary>A known format, but the content is damaged, truncated or inconsistent.</summary>
    InvalidImage,

    /// <summary>The image may be sound, but there was no memory for its pixels; the answer carries a time after which to try
    /// again.</summary>
    OutOfMemory,

    /// <summary>The queue has no room; the answer carries a time after which to try again.</summary>
    QueueFull,

    /// <summary>
    /// What waits already would take too long: the deadline can't be met. The answer carries a time after which to try again.
    /// </summary>
    DeadlineUnreachable,

    /// <summary>The model exists but does not answer yet, or not at the moment; the answer carries a time after which to try
    /// again.</summary>
    NotReady,

    /// <summary>The model was refused for what its files hold: it does not answer before they are others.</summary>
    ModelBroken,

    /// <summary>The service is draining and takes no new work.</summary>
    ShuttingDown,

    /// <summary>The deadline passed before the answer was ready.</summary>
    DeadlineExceeded,

    /// <summary>The runtime failed on the batch this image was in.</summary>
    ModelFailed,
}
