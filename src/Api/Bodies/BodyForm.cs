using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using Saccade.Api.Errors;

namespace Saccade.Api.Bodies;

/// <summary>The ways to send images.</summary>
internal enum BodyForm
{
    /// <summary>Form data with a part per image.</summary>
    Multipart,

    /// <summary>The body is the image.</summary>
    Raw,

    /// <summary>An object with the image in base64.</summary>
    Json,
}

/// <summary>The only form of body that an endpoint reads, whatever the content type says.</summary>
/// <param name="Form">Which.</param>
internal sealed record OneForm(BodyForm Form);

/// <summary>Tells the form of a body from the head of the request.</summary>
internal static class BodyForms
{
    /// <summary>Content types for one image, as an <c>Accept</c> header lists them.</summary>
    public const string ForOneImage = "multipart/form-data, image/*, application/octet-stream, application/json";

    /// <summary>Content types for several images.</summary>
    public const string ForSeveralImages = "multipart/form-data";

    /// <summary>The form of the body, or why it will not be read.</summary>
    public static BodyForm? Of(HttpRequest request, BodyBounds bounds, out Refusal? refusal)
    {
        refusal = ContentCoding.Refused(request);
        if (refusal is not null)
            return null;
        if (request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<OneForm>() is { } only)
            return only.Form;

        var type = MediaType(request.ContentType);
        var form = bounds.MaxImages > 1 ? IfMultipart(type) : IfMultipart(type) ?? IfRaw(type) ?? IfJson(type);
        if (form is null)
        {
            var readable = bounds.MaxImages > 1 ? ForSeveralImages : ForOneImage;
            var received = type.Length > 0 ? $"Content-Type {type} is not read here" : "There is no valid Content-Type";
            refusal = Refusal.Of(ApiFailure.UnsupportedMediaType, $"{received}; send {readable}.") with { Accept = readable };
        }

        return form;
    }

    private static string MediaType(string? contentType)
    {
        if (MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            return parsed.MediaType.Value!;
        // Its boundary may be no token: MultipartImages reads it all the same.
        const string multipart = MediaTypeNames.Multipart.FormData;
        return contentType?.StartsWith($"{multipart};", StringComparison.OrdinalIgnoreCase) == true ? multipart : "";
    }

    private static BodyForm? IfMultipart(string type) => Same(type, MediaTypeNames.Multipart.FormData) ? BodyForm.Multipart : null;

    private static BodyForm? IfRaw(string type) =>
        type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || Same(type, MediaTypeNames.Application.Octet) ? BodyForm.Raw : null;

    private static BodyForm? IfJson(string type) => Same(type, MediaTypeNames.Application.Json) ? BodyForm.Json : null;

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
