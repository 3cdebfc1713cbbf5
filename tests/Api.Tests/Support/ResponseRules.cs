using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.OpenApi;

namespace Saccade.Api.Tests.Support;

/// <summary>
/// What holds for every response of the service, checked on every response that any test gets: a request id, a timing, no 500,
/// for a refusal a problem document whose code is documented for the route, and JSON as the OpenAPI document has it.
/// </summary>
internal sealed class ResponseRules(IServiceProvider services, bool mayFail) : DelegatingHandler
{
    // Refused before it is known which route is meant.
    private static readonly string[] OfNoRoute = ["route-not-found", "method-not-allowed", "uri-too-long", "headers-too-large"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        Assert.Single(response.Headers.GetValues("X-Request-Id"));
        Assert.Contains("total;dur=", Assert.Single(response.Headers.GetValues("Server-Timing")), StringComparison.Ordinal);
        if (!mayFail)
            Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        if (response.StatusCode >= HttpStatusCode.BadRequest && path.StartsWith("/v2", StringComparison.Ordinal))
            await CheckProtocolErrorAsync(response);
        else if (response.StatusCode >= HttpStatusCode.BadRequest && !path.StartsWith("/health", StringComparison.Ordinal))
            await CheckProblemAsync(response, path);
        if (request.Method != HttpMethod.Head)
            await CheckSchemaAsync(request, response, path);
        return response;
    }

    private async Task CheckSchemaAsync(HttpRequestMessage request, HttpResponseMessage response, string path)
    {
        // Behind this much JSON come tensors in binary.
        const string lengthOfJson = "Inference-Header-Content-Length";
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is not ("application/json" or "application/problem+json") || response.Headers.Contains(lengthOfJson))
            return;
        await response.Content.LoadIntoBufferAsync();
        var json = await response.Content.ReadAsStringAsync();
        if (OfNoRoute.Any(code => json.Contains($"\"{code}\"", StringComparison.Ordinal)))
            return;
        var documented = await DocumentedBodies.OfAsync(services);
        Assert.Empty(documented.Mistakes(request.Method, path, (int)response.StatusCode, type, json));
    }

    private static async Task CheckProtocolErrorAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        await response.Content.LoadIntoBufferAsync();
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEmpty(Assert.Single(error.RootElement.EnumerateObject(), member => member.Name == "error").Value.GetString()!);
    }

    private async Task CheckProblemAsync(HttpResponseMessage response, string path)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        await response.Content.LoadIntoBufferAsync();
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var root = problem.RootElement;
        var code = root.GetProperty("code").GetString()!;
        Assert.Equal((int)response.StatusCode, root.GetProperty("status").GetInt32());
        Assert.Equal($"urn:saccade:problem:{code}", root.GetProperty("type").GetString());
        Assert.NotEmpty(root.GetProperty("title").GetString()!);
        Assert.NotEmpty(root.GetProperty("detail").GetString()!);
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), root.GetProperty("requestId").GetString());
        Assert.Equal(response.Headers.RetryAfter is not null, root.TryGetProperty("retryAfterSeconds", out _));
        if (!OfNoRoute.Contains(code))
            Assert.Contains(code, DocumentedCodes(path));
    }

    private IEnumerable<string> DocumentedCodes(string path)
    {
        var route = path.Split('/') switch
        {
            ["", "models", _] => "/models/{name}",
            ["", "models", _, var change] => $"/models/{{name}}/{change}",
            _ => path,
        };
        var docs = services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}" == route)
            .Select(endpoint => endpoint.Metadata.GetMetadata<EndpointDocs>())
            .OfType<EndpointDocs>();
        return docs.SelectMany(documented => documented.Failures).Select(failure => failure.Code);
    }
}
