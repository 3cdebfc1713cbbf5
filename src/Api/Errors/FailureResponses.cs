using Saccade.Inference;

namespace Saccade.Api.Errors;

/// <summary>The one table from a failure to its status and code, its log level and its metric tag.</summary>
/// <remarks>
/// Refusals that a client causes are logged at Information, those that an operator should look into at Warning or above.
/// Overload (429) is Debug: a line for each would cost more than the refusal. Counters tell how many, and <c>OverloadNotice</c> that there
/// are any.
/// </remarks>
internal static class FailureResponses
{
    private const int ClientClosed = StatusCodes.Status499ClientClosedRequest;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(5);

    /// <summary>The answer to a failure of the engine.</summary>
    public static FailureResponse For(ClassifyFailure failure) =>
        failure switch
        {
            ClassifyFailure.UnknownModel => new(404, "unknown-model", "There is no such model", LogLevel.Information),
            ClassifyFailure.UnsupportedCrops => new(
                400,
                "unsupported-crops",
                "The model cannot be asked for so many crops",
                LogLevel.Information
            ),
            ClassifyFailure.NoFeatures => new(400, "no-features", "The model gives no features", LogLevel.Information),
            ClassifyFailure.ImageTooLarge => new(
                413,
                "image-too-large",
                "The image has too many pixels",
                LogLevel.Information,
                OfImage: true
            ),
            ClassifyFailure.UnsupportedImage => new(
                415,
                "unsupported-image",
                "Not an image type that is read here",
                LogLevel.Information,
                OfImage: true
            ),
            ClassifyFailure.InvalidImage => new(422, "invalid-image", "The image does not decode", LogLevel.Information, OfImage: true),
            ClassifyFailure.OutOfMemory => new(503, "out-of-memory", "There is no memory for the image", LogLevel.Warning, Soon),
            ClassifyFailure.QueueFull => new(429, "queue-full", "The service is overloaded", LogLevel.Debug, Soon),
            ClassifyFailure.DeadlineUnreachable => new(429, "deadline-unreachable", "The deadline cannot be met", LogLevel.Debug, Soon),
            ClassifyFailure.NotReady => new(503, "not-ready", "The model is not ready yet", LogLevel.Warning, AfterStart),
            ClassifyFailure.ModelBroken => new(503, "model-broken", "The model cannot be served", LogLevel.Warning),
            ClassifyFailure.ShuttingDown => new(503, "shutting-down", "The service is stopping", LogLevel.Information, AfterStart),
            ClassifyFailure.ModelFailed => new(503, "model-failed", "The model failed on this request", LogLevel.Error, Soon),
            ClassifyFailure.DeadlineExceeded => new(504, "deadline-exceeded", "The deadline passed", LogLevel.Information),
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure without a row in this table."),
        };

    /// <summary>The answer to a failure of the HTTP side.</summary>
    public static FailureResponse For(ApiFailure failure) =>
        failure switch
        {
            ApiFailure.InvalidParameter => new(400, "invalid-parameter", "A parameter has no usable value", LogLevel.Information),
            ApiFailure.MissingImage => new(400, "missing-image", "The request holds no image", LogLevel.Information, OfImage: true),
            ApiFailure.SeveralImages => new(400, "several-images", "The request holds more than one image", LogLevel.Information),
            ApiFailure.MalformedBody => new(400, "malformed-body", "The body does not parse", LogLevel.Information),
            ApiFailure.InvalidTensor => new(400, "invalid-tensor", "The tensors do not fit the model", LogLevel.Information),
            ApiFailure.KeyRequired => new(401, "api-key-required", "The service takes a key", LogLevel.Information),
            ApiFailure.AdminKeyRequired => new(401, "admin-key-required", "Changing the service takes a key", LogLevel.Warning),
            ApiFailure.KeyNotAllowed => new(403, "key-not-allowed", "The key does not allow this", LogLevel.Warning),
            ApiFailure.AdminNotAllowed => new(403, "admin-not-allowed", "Changing the service is switched off", LogLevel.Warning),
            ApiFailure.RouteNotFound => new(404, "route-not-found", "Nothing is served here", LogLevel.Information),
            ApiFailure.MethodNotAllowed => new(405, "method-not-allowed", "Not served with this method", LogLevel.Information),
            ApiFailure.BodyTooSlow => new(408, "body-too-slow", "The body arrived too slowly", LogLevel.Information),
            ApiFailure.BodyTooLarge => new(413, "body-too-large", "The body is too large", LogLevel.Information),
            ApiFailure.TooManyImages => new(413, "too-many-images", "The batch holds too many images", LogLevel.Information),
            ApiFailure.TargetTooLong => new(414, "uri-too-long", "The request line is too long", LogLevel.Information),
            ApiFailure.HeadersTooLarge => new(431, "headers-too-large", "The headers are too large", LogLevel.Information),
            ApiFailure.UnsupportedMediaType => new(
                415,
                "unsupported-media-type",
                "Not a content type that is read here",
                LogLevel.Information
            ),
            ApiFailure.BundleRefused => new(422, "bundle-refused", "The bundle cannot be served", LogLevel.Warning),
            ApiFailure.TooManyRequests => new(429, "too-many-requests", "The service is overloaded", LogLevel.Debug, Soon),
            ApiFailure.RateLimited => new(429, "rate-limited", "The client asks too often", LogLevel.Debug, Soon),
            ApiFailure.ClientClosedRequest => new(ClientClosed, "client-closed-request", "The client hung up", LogLevel.Debug),
            ApiFailure.Unhandled => new(500, "internal-error", "The service has a defect", LogLevel.Error),
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure without a row in this table."),
        };
}
