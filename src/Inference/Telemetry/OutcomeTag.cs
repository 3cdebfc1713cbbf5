namespace Saccade.Inference.Telemetry;

/// <summary>The value of the tag <c>outcome</c>.</summary>
internal static class OutcomeTag
{
    /// <summary>The request was answered with labels.</summary>
    public const string Answered = "answered";

    /// <summary>The caller gave up.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The service has a defect: an exception ended the request.</summary>
    public const string Error = "error";

    /// <summary>The request's tensor does not fit the model.</summary>
    public const string InvalidTensor = "invalid_tensor";

    /// <summary>Whether an exception is anything else than the caller's wish to give up.</summary>
    public static bool IsDefect(Exception exception, CancellationToken cancellationToken) =>
        exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    /// <summary>What became of a request; null when its caller gave up.</summary>
    public static string Of(ClassifyOutcome? outcome) =>
        outcome switch
        {
            null => Cancelled,
            ClassifyRefusal refusal => Of(refusal.Failure),
            _ => Answered,
        };

    /// <summary>Why <c>auto</c> ran no further round.</summary>
    public static string Of(StopReason reason) =>
        reason switch
        {
            StopReason.Confident => "confident",
            StopReason.Exhausted => "exhausted",
            StopReason.Budget => "budget",
            StopReason.Overloaded => "overloaded",
            StopReason.Failed => "failed",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reason without a tag. This is a bug."),
        };

    /// <summary>What the cache of answers did for a request.</summary>
    public static string Of(CacheUse? use) =>
        use switch
        {
            null => "miss",
            CacheUse.Hit => "hit",
            CacheUse.Shared => "shared",
            _ => throw new ArgumentOutOfRangeException(nameof(use), use, "A use without a tag. This is a bug."),
        };

    /// <summary>The request was refused.</summary>
    public static string Of(ClassifyFailure failure) =>
        failure switch
        {
            ClassifyFailure.UnknownModel => "unknown_model",
            ClassifyFailure.UnsupportedCrops => "unsupported_crops",
            ClassifyFailure.NoFeatures => "no_features",
            ClassifyFailure.UnsupportedImage => "unsupported_image",
            ClassifyFailure.ImageTooLarge => "image_too_large",
            ClassifyFailure.OutOfMemory => "out_of_memory",
            ClassifyFailure.InvalidImage => "invalid_image",
            ClassifyFailure.QueueFull => "queue_full",
            ClassifyFailure.DeadlineUnreachable => "deadline_unreachable",
            ClassifyFailure.NotReady => "not_ready",
            ClassifyFailure.ModelBroken => "model_broken",
            ClassifyFailure.ShuttingDown => "shutting_down",
            ClassifyFailure.DeadlineExceeded => "deadline_exceeded",
            ClassifyFailure.ModelFailed => "model_failed",
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure without a tag. This is a bug."),
        };
}
