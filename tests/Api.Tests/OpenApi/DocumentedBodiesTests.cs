using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenApi;

/// <summary>Every answer that any test gets is held against the document (<see cref="ResponseRules"/>). Here: that a mistake would be
/// noticed.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class DocumentedBodiesTests(SharedService shared)
{
    private const string Health = """{"status":"healthy","checks":[{"name":"models","status":"healthy"}]}""";

    [Theory]
    [InlineData(200, Health, "")]
    [InlineData(200, """{"status":"healthy"}""", "PropertyRequired")]
    [InlineData(200, """{"status":"healthy","checks":[],"more":1}""", "NoAdditionalPropertiesAllowed")]
    [InlineData(200, """{"status":"healthy","checks":[{"name":1,"status":"healthy"}]}""", "StringExpected")]
    [InlineData(418, Health, "the status is not documented")]
    public async Task Mistakes_OfAnAnswer_AreFound(int status, string json, string mistake)
    {
        var documented = await DocumentedBodies.OfAsync(shared.Service.Services);

        var mistakes = documented.Mistakes(HttpMethod.Get, "/health/ready", status, "application/json", json);

        if (mistake.Length == 0)
            Assert.Empty(mistakes);
        else
            Assert.Contains(mistake, Assert.Single(mistakes), StringComparison.Ordinal);
    }
}
