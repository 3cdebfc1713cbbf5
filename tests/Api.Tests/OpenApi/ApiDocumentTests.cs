using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Saccade.Api.Access;
using Saccade.Api.OpenApi;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenApi;

[Collection(SharedServiceTests.Name)]
public sealed class ApiDocumentTests(SharedService shared)
{
    // Routes that serve people or the documentation itself.
    private static readonly string[] Undocumented = ["/", "/page/{file}", "/swagger/{documentName}/swagger.{extension}"];

    [Fact]
    public async Task Document_IsValidOpenApi()
    {
        var read = OpenApiDocument.Parse(await TextAsync(), "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.NotNull(read.Document);
    }

    [Fact]
    public async Task Document_EveryRoute_IsThereWithItsMethod()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");
        // Calls of gRPC are described by their .proto file.
        foreach (
            var endpoint in Endpoints().Where(endpoint => endpoint.DisplayName?.StartsWith("gRPC - ", StringComparison.Ordinal) != true)
        )
        {
            var route = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";
            if (Undocumented.Contains(route))
                continue;
            Assert.True(paths.TryGetProperty(route, out var path), $"{route} is not documented.");
            // HEAD goes with GET.
            foreach (
                var method in (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method =>
                    method != "HEAD"
                )
            )
                Assert.True(path.TryGetProperty(method.ToLowerInvariant(), out _), $"{method} {route} is not documented.");
        }
    }

    [Fact]
    public async Task Document_EveryOperation_HasWhatAReaderNeeds()
    {
        var ids = new HashSet<string>();
        foreach (var (name, operation) in Operations(await DocumentAsync()))
        {
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!), name);
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.True(operation.GetProperty("description").GetString()!.Length > 20, name);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            foreach (var parameter in Array(operation, "parameters"))
            {
                var parameterName = $"{name} {parameter.GetProperty("name")}";
                Assert.True(parameter.GetProperty("description").GetString()!.Length > 10, parameterName);
                Assert.True(parameter.GetProperty("schema").TryGetProperty("type", out _), parameterName);
                // Swagger's "Execute" sends whatever has an example or a default.
                var isRequired = parameter.TryGetProperty("required", out var required) && required.GetBoolean();
                Assert.Equal(isRequired, parameter.TryGetProperty("example", out _));
                Assert.False(parameter.GetProperty("schema").TryGetProperty("default", out _), parameterName);
            }

            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                var responseName = $"{name} {response.Name}";
                Assert.NotEmpty(response.Value.GetProperty("description").GetString()!);
                Assert.True(response.Value.GetProperty("headers").TryGetProperty("X-Request-Id", out _), responseName);
                Assert.True(response.Value.GetProperty("headers").TryGetProperty("Server-Timing", out _), responseName);
                foreach (var content in response.Value.GetProperty("content").EnumerateObject())
                {
                    Assert.True(content.Value.TryGetProperty("schema", out _), responseName);
                    Assert.True(
                        content.Value.TryGetProperty("example", out _) || content.Value.TryGetProperty("examples", out _),
                        responseName
                    );
                }
            }
        }
    }

    [Fact]
    public async Task Document_EveryFailureOfEveryEndpoint_HasAnExampleUnderItsStatus()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<EndpointDocs>() is not null))
        {
            var docs = endpoint.Metadata.GetMetadata<EndpointDocs>()!;
            var operation = paths.GetProperty($"/{endpoint.RoutePattern.RawText!.TrimStart('/')}").EnumerateObject().First().Value;
            foreach (var failure in docs.Failures)
            {
                var response = operation.GetProperty("responses").GetProperty($"{failure.Status}");
                var example = response
                    .GetProperty("content")
                    .GetProperty("application/problem+json")
                    .GetProperty("examples")
                    .GetProperty(failure.Code);
                Assert.Equal(failure.Code, example.GetProperty("value").GetProperty("code").GetString());
                if (failure.RetryAfter is not null)
                    Assert.True(response.GetProperty("headers").TryGetProperty("Retry-After", out _), failure.Code);
            }
        }
    }

    /// <summary>What takes a key says so, and how it answers who has none or asks too often.</summary>
    [Fact]
    public async Task Document_Keys_AreDescribedWhereTheyAreTaken()
    {
        var document = await DocumentAsync();
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("X-Api-Key", schemes.GetProperty("apiKey").GetProperty("name").GetString());
        Assert.Equal("header", schemes.GetProperty("apiKey").GetProperty("in").GetString());
        Assert.Equal("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());

        var paths = document.GetProperty("paths");
        foreach (var endpoint in Endpoints().Where(static endpoint => endpoint.Metadata.GetMetadata<EndpointDocs>() is not null))
        {
            var path = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";
            var operation = paths.GetProperty(path).EnumerateObject().First().Value;
            var role = endpoint.Metadata.GetMetadata<RequiredRole>()?.Role;
            // Nothing, where this service asks for none, or either of the two.
            var taken = Array(operation, "security").Select(static either => string.Join('+', either.Names()));
            Assert.Equal(
                role switch
                {
                    null => [],
                    KeyRole.Admin => ["apiKey", "bearer"],
                    _ => ["", "apiKey", "bearer"],
                },
                taken
            );
            int[] statuses = role switch
            {
                null => [],
                KeyRole.Admin => [401, 403, 429],
                _ => [401, 429],
            };
            Assert.All(statuses, status => Assert.True(operation.GetProperty("responses").TryGetProperty($"{status}", out _), path));
        }
    }

    [Fact]
    public async Task Document_OfAServiceThatAsksForKeys_DemandsOne()
    {
        await using var service = await Service.StartAsync(Settings.Keys(("shop", "sk_shop_0123456789abcdef", "Classify")));
        using var document = JsonDocument.Parse(
            await service.Client().GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)).Guarded()
        );
        var security = document.RootElement.GetProperty("paths").GetProperty("/classify").GetProperty("post").GetProperty("security");
        Assert.Equal(["apiKey", "bearer"], security.EnumerateArray().Select(static either => Assert.Single(either.Names())));
    }

    [Theory]
    [InlineData("/classify", "multipart/form-data")]
    [InlineData("/classify/batch", "multipart/form-data")]
    [InlineData("/classify/raw", "application/octet-stream")]
    [InlineData("/classify/base64", "application/json")]
    [InlineData("/v2/models/{name}/infer", "application/json")]
    public async Task Document_EveryOperation_HasOneFormOfBody(string path, string type) =>
        Assert.Equal(type, Assert.Single(BodyOf(await DocumentAsync(), path).EnumerateObject()).Name);

    [Fact]
    public async Task Document_Form_PicksAFile()
    {
        var image = BodyOf(await DocumentAsync(), "/classify")
            .GetProperty("multipart/form-data")
            .GetProperty("schema")
            .GetProperty("properties")
            .GetProperty("image");
        Assert.Equal("""string binary""", $"{image.GetProperty("type")} {image.GetProperty("format")}");
    }

    [Fact]
    public async Task Document_JsonExample_CanBeSentAsItIs()
    {
        var example = BodyOf(await DocumentAsync(), "/classify/base64").GetProperty("application/json").GetProperty("example").GetRawText();
        using var response = await shared.Service.Client().PostAsync("/classify/base64", Payload.Json(example)).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Document_Enums_AreTextsAsOnTheWire()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        Assert.DoesNotContain(
            schemas.EnumerateObject(),
            schema => schema.Value.TryGetProperty("enum", out _) && schema.Value.GetProperty("type").GetString() != "string"
        );
        Assert.Contains("max_batch_size", schemas.GetProperty("OipConfig").GetProperty("properties").Names());
    }

    [Fact]
    public async Task Document_Schemas_HaveTheMembersOfRealAnswers()
    {
        var document = await DocumentAsync();
        var client = shared.Service.Client();
        using var one = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        using var models = await client.GetAsync(new Uri("/models", UriKind.Relative)).Guarded();
        using var model = await client.GetAsync(new Uri("/models/colors", UriKind.Relative)).Guarded();
        using var problem = await client.PostAsync("/classify?topK=0", Payload.Form(Payload.RedPng)).Guarded();
        AssertDescribed(document, "ClassifyResponse", await one.JsonAsync());
        AssertDescribed(document, "Models", await models.JsonAsync());
        AssertDescribed(document, "Model", await model.JsonAsync());
        AssertDescribed(document, "Problem", await problem.JsonAsync());
    }

    [Fact]
    public async Task Page_NeedsNothingFromElsewhere()
    {
        using var response = await shared.Service.Client().GetAsync(new Uri("/swagger/index.html", UriKind.Relative)).Guarded();
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", page, StringComparison.Ordinal);
        foreach (var asset in new[] { "swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "index.js" })
        {
            using var file = await shared.Service.Client().GetAsync(new Uri($"/swagger/{asset}", UriKind.Relative)).Guarded();
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        }
    }

    private static void AssertDescribed(JsonElement document, string schema, JsonElement answer)
    {
        var described = document.GetProperty("components").GetProperty("schemas").GetProperty(schema);
        Assert.Subset(described.GetProperty("properties").Names().ToHashSet(), answer.Names().ToHashSet());
        Assert.Superset(Array(described, "required").Select(name => name.GetString()!).ToHashSet(), answer.Names().ToHashSet());
    }

    private static JsonElement BodyOf(JsonElement document, string path) =>
        document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody").GetProperty("content");

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    private static JsonElement[] Array(JsonElement element, string name) =>
        element.TryGetProperty(name, out var array) ? [.. array.EnumerateArray()] : [];

    private IEnumerable<RouteEndpoint> Endpoints() =>
        shared.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private async Task<string> TextAsync() =>
        await shared.Service.Client().GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)).Guarded();

    private async Task<JsonElement> DocumentAsync()
    {
        using var document = JsonDocument.Parse(await TextAsync());
        return document.RootElement.Clone();
    }
}
