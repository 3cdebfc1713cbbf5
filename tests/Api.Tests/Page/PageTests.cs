using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Page;

/// <summary>The page at <c>/</c> as it is delivered; what it does is tested in a browser, in tests/EndToEnd.Tests.</summary>
[Collection(SharedServiceTests.Name)]
public sealed partial class PageTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    public static TheoryData<string, string> Files =>
        new()
        {
            { "/", "text/html" },
            { "/page/page.css", "text/css" },
            { "/page/page.js", "text/javascript" },
            { "/page/service.js", "text/javascript" },
            { "/page/image.js", "text/javascript" },
            { "/page/answer.js", "text/javascript" },
            { "/page/samples.js", "text/javascript" },
            { "/page/sources.js", "text/javascript" },
            { "/page/gallery.js", "text/javascript" },
            { "/page/code.js", "text/javascript" },
            { "/page/load.js", "text/javascript" },
            { "/page/sample-cat-1.png", "image/png" },
            { "/page/sample-ankle-boot-1.png", "image/png" },
            { "/page/eye.svg", "image/svg+xml" },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Get_EveryFile_HasItsTypeAndThePolicy(string path, string type)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(response.Headers.CacheControl?.NoCache);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        // Images may be fetched from where the reader says; nothing else comes from elsewhere.
        Assert.DoesNotContain(
            "http",
            policy.Replace("connect-src 'self' http: https: data:", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Head_EveryFile_SaysWhatGetWouldWithoutTheBody(string path, string type)
    {
        using var get = await SendAsync(HttpMethod.Get, path);
        using var head = await SendAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(type, head.Content.Headers.ContentType?.MediaType);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Get_WithTheTagOfTheFile_IsNotSentAgain(string path, string type)
    {
        using var first = await SendAsync(HttpMethod.Get, path);
        using var again = await SendAsync(HttpMethod.Get, path, first.Headers.ETag);
        using var other = await SendAsync(HttpMethod.Get, path, new EntityTagHeaderValue("\"another\""));

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (again.StatusCode, other.StatusCode));
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(type, other.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Get_Page_NamesOnlyFilesThatAreServedFromHere()
    {
        var page = await _client.GetStringAsync(new Uri("/", UriKind.Relative)).Guarded();
        string[] links = [.. Link().Matches(page).Select(match => match.Groups["to"].Value).Distinct()];

        Assert.True(links.Length > 8, string.Join(", ", links));
        foreach (var link in links)
        {
            Assert.DoesNotContain(':', link);
            using var response = await SendAsync(HttpMethod.Get, $"/{link}");
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.MovedPermanently, $"{link}: {response.StatusCode}");
        }

        // The policy forbids what is inline, so that none of it would work.
        Assert.DoesNotMatch(Inline(), page);
    }

    [Theory]
    [InlineData("POST", "/", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("DELETE", "/page/page.js", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("GET", "/page/none.js", HttpStatusCode.NotFound, "route-not-found")]
    [InlineData("GET", "/page/PageFile.cs", HttpStatusCode.NotFound, "route-not-found")]
    [InlineData("GET", "/page/..%2Fappsettings.json", HttpStatusCode.NotFound, "route-not-found")]
    [InlineData("GET", "/page/", HttpStatusCode.NotFound, "route-not-found")]
    public async Task Send_WhatThePageIsNot_IsAProblem(string method, string path, HttpStatusCode status, string code)
    {
        using var response = await SendAsync(new(method), path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, await response.CodeAsync());
    }

    [GeneratedRegex("""(?:href|src)="(?<to>[^"]*)["]""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("""<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Inline();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return await _client.SendAsync(request).Guarded();
    }
}
