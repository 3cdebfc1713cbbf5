namespace Saccade.Api.Errors;

/// <summary>Why a request was refused before, or beside, the engine. The engine's own reasons are <c>ClassifyFailure</c>.</summary>
internal enum ApiFailure
{
    /// <summary>One or more query parameters or headers have no usable value.</summary>
    InvalidParameter,

    /// <summary>The body holds no image, or one of 0 bytes.</summary>
    MissingImage,

    /// <summary>More than one image where exactly one is expected.</summary>
    SeveralImages,

    /// <summary>A batch of more images than the limit.</summary>
    TooManyImages,

    /// <summary>Multipart or JSON that does not parse, or a body that ends early.</summary>
    MalformedBody,

    /// <summary>The body is longer than the limit.</summary>
    BodyTooLarge,

    /// <summary>The path with its query is longer than the limit.</summary>
    TargetTooLong,

    /// <summary>The headers are longer than the limit.</summary>
    HeadersTooLarge,

    /// <summary>A content type, or a content encoding, that is not read here.</summary>
    UnsupportedMediaType,

    /// <summary>The body arrived more slowly than the server accepts.</summary>
    BodyTooSlow,

    /// <summary>More requests at once than the limit.</summary>
    TooManyRequests,

    /// <summary>A client asks more often than its limit.</summary>
    RateLimited,

    /// <summary>The request computes something and carries no valid key, where one is asked for.</summary>
    KeyRequired,

    /// <summary>The request carries a valid key, but not one that allows what it asks for.</summary>
    KeyNotAllowed,

    /// <summary>The request changes something and carries no valid key.</summary>
    AdminKeyRequired,

    /// <summary>The request changes something, and no key is configured that would allow it.</summary>
    AdminNotAllowed,

    /// <summary>The bundle that is to be loaded cannot be served.</summary>
    BundleRefused,

    /// <summary>Tensors or their description do not parse, or do not fit the model.</summary>
    InvalidTensor,

    /// <summary>Nothing is served under this path.</summary>
    RouteNotFound,

    /// <summary>Something is served under this path, but not with this method.</summary>
    MethodNotAllowed,

    /// <summary>The client hung up. Nobody reads the answer.</summary>
    ClientClosedRequest,

    /// <summary>A defect of the service.</summary>
    Unhandled,
}
