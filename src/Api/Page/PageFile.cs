using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Saccade.Api.Page;

/// <summary>One file of the page. They are embedded: nothing has to lie beside the program.</summary>
internal sealed class PageFile
{
    private const string Prefix = "page/";

    // Nothing from elsewhere, nothing inline, and no other page may frame it. blob: is the image that the reader chose; the images that may
    // be fetched from elsewhere are those whose address the reader gives.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' http: https: data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    private PageFile(byte[] content, string contentType)
    {
        (_content, _contentType) = (content, contentType);
        _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
    }

    /// <summary>Names of all files.</summary>
    public static IEnumerable<string> Names =>
        typeof(PageFile)
            .Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(static name => name[Prefix.Length..]);

    /// <summary>Takes a file out of the assembly.</summary>
    public static PageFile Load(string name, string contentType)
    {
        using var stream =
            typeof(PageFile).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"The file {name} of the page is not embedded.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new(content, contentType);
    }

    /// <summary>The file, or 304 to who has it. Browsers ask every time, so that no page outlives the service that it was written
    /// for.</summary>
    public IResult Respond(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers[HeaderNames.CacheControl] = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Bytes(_content, _contentType, entityTag: _tag);
    }
}
