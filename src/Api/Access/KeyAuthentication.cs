using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Requests;

namespace Saccade.Api.Access;

/// <summary>Tells who asks by the key that the request brings, and answers for the framework who may not.</summary>
/// <remarks>The framework's own lines about a request that it turned away are not written: <see cref="FailureWriter"/> has one.</remarks>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    UrlEncoder encoder,
    KeyRing ring,
    FailureWriter failures
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    public const string SchemeName = "Key";

    private const string Challenge = $"{BroughtKey.Scheme} realm=\"saccade\"";

    // What the service sends itself brings no key.
    private static readonly ClaimsPrincipal WarmUp = new(new ClaimsIdentity(SchemeName));

    private KeyRole? Required => Context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>()?.Role;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<WarmUpMark>() is not null)
            return Task.FromResult(AuthenticateResult.Success(new(WarmUp, SchemeName)));
        if (BroughtKey.Of(Request.Headers) is not { } brought)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (ring.Find(brought) is not { } key)
            return Task.FromResult(AuthenticateResult.Fail("The key is not valid."));

        Context.Features.Set(key);
        RequestProgress.Of(Context).Caller = key.Identity;
        return Task.FromResult(AuthenticateResult.Success(new(key.Owner, SchemeName)));
    }

    /// <summary>Answers who brings no key, or none of ours.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Required == KeyRole.Admin && !ring.HasAdmin)
        {
            await failures.WriteAsync(Context, AdminOff.Refusal);
            return;
        }

        var wrong = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        Response.Headers.WWWAuthenticate = wrong ? $"{Challenge}, error=\"invalid_token\"" : Challenge;
        await failures.WriteAsync(
            Context,
            Refusal.Of(
                Required == KeyRole.Admin ? ApiFailure.AdminKeyRequired : ApiFailure.KeyRequired,
                wrong
                    ? "The key that the request carries is not valid."
                    : $"The request must carry a key, as {BroughtKey.Header} or as Authorization: {BroughtKey.Scheme}."
            )
        );
    }

    /// <summary>Answers whose key does not allow it.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        failures.WriteAsync(
            Context,
            ring.HasAdmin
                ? Refusal.Of(
                    ApiFailure.KeyNotAllowed,
                    $"The key '{Context.User.Identity?.Name}' does not allow this; it takes the role admin."
                )
                : AdminOff.Refusal
        );
}
