namespace Saccade.Api.Access;

/// <summary>Where a request carries its key.</summary>
internal static class BroughtKey
{
    public const string Header = "X-Api-Key";
    public const string Scheme = "Bearer";

    // Longer than any key; what is hashed for strangers stays short.
    private const int Longest = 1024;

    /// <summary>The key in <c>X-Api-Key</c>, or else in <c>Authorization: Bearer</c>.</summary>
    /// <returns>Null if there is none. Empty, which is nobody's key, if there are several or it is too long.</returns>
    public static string? Of(IHeaderDictionary headers)
    {
        var own = headers[Header];
        if (own.Count > 0)
            return own is [{ Length: <= Longest } key] ? key.Trim() : "";
        var authorization = headers.Authorization;
        if (authorization.Count > 1)
            return "";
        return authorization is [{ } value] && value.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase)
            ? value.Length <= Longest
                ? value[(Scheme.Length + 1)..].Trim()
                : ""
            : null;
    }
}
