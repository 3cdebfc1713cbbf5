using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Saccade.Api.Requests;

namespace Saccade.Api.Access;

/// <summary>Which pages of other sites may call the service from a browser (section <c>Cors</c>).</summary>
internal sealed class CorsOptions : IValidatableObject
{
    public const string Section = "Cors";

    private const string Any = "*";

    /// <summary>Origins such as <c>https://shop.example</c>, without a path; <c>*</c> for all.</summary>
    /// <value>Empty: none but the service's own page.</value>
    public IList<string> Origins { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Origins
            .Where(static origin => origin != Any && !IsOrigin(origin))
            .Select(static origin => new ValidationResult(
                $"{Section}:{nameof(Origins)} has '{origin}', which is no origin such as https://shop.example, nor *."
            ));

    /// <summary>Lets those pages call. Cookies are not sent, and none are used: a key goes in a header.</summary>
    public static void Use(WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CorsOptions>>().Value.Origins;
        if (origins.Count > 0)
            app.UseCors(policy =>
                policy
                    .WithOrigins([.. origins])
                    .WithMethods(HttpMethods.Get, HttpMethods.Post)
                    .AllowAnyHeader()
                    .WithExposedHeaders(
                        RequestId.Header,
                        ServerTiming.Header,
                        HeaderNames.RetryAfter,
                        CacheHeaders.Status,
                        CacheHeaders.Age
                    )
            );
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
