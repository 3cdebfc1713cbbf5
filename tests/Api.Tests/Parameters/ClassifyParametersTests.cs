using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Saccade.Api.Limits;
using Saccade.Api.OpenApi;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;
using Saccade.Api.Tests.Support;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Tests.Parameters;

[Collection(SharedServiceTests.Name)]
public sealed class ClassifyParametersTests(SharedService shared)
{
    public static TheoryData<string, string> BadQueries =>
        new()
        {
            { "crops", "crops=7" },
            { "crops", "crops=0" },
            { "crops", "crops=-1" },
            { "crops", "crops=1000000" },
            { "crops", "crops=Auto" },
            { "crops", "crops=" },
            { "crops", "crops=01" },
            { "topK", "topK=0" },
            { "topK", "topK=1001" },
            { "topK", "topK=-1" },
            { "topK", "topK=x" },
            { "topK", "topK=1.5" },
            { "topK", "topK=" },
            { "topK", "topK=99999999999999999999" },
            { "topK", "topK=1&topK=2" },
            { "topK", "topK=%2B" },
            { "topK", "topK=%D9%A3" },
            { "deadlineMs", "deadlineMs=0" },
            { "deadlineMs", "deadlineMs=300001" },
            { "deadlineMs", "deadlineMs=soon" },
            { "deadlineMs", "deadlineMs=" },
            { "priority", "priority=11" },
            { "priority", "priority=-11" },
            { "priority", "priority=high" },
            { "model", "model=" },
            { "model", $"model={new string('m', 129)}" },
            { "model", "model=a&model=b" },
            { "explain", "explain=all" },
            { "explain", "explain=" },
            { "explain", "explain=Crops" },
            { "explain", "explain=crops&explain=crops" },
            { "version", "version=" },
            { "version", $"version={new string('1', 129)}" },
        };

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task Post_BadParameter_Is400AndNamed(string name, string query)
    {
        using var response = await shared.Service.Client().PostAsync($"/classify?{query}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.Equal("invalid-parameter", problem.GetProperty("code").GetString());
        Assert.Equal([name], problem.GetProperty("errors").Names());
        Assert.Equal(problem.GetProperty("errors").GetProperty(name).GetString(), problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Post_SeveralBadParameters_AreAllNamedAtOnce()
    {
        const string query = "model=&version=&crops=3&topK=0&deadlineMs=0&priority=99";
        foreach (var path in new[] { "/classify", "/classify/batch" })
        {
            using var response = await shared.Service.Client().PostAsync($"{path}?{query}", Payload.Form(Payload.RedPng)).Guarded();
            var errors = (await response.JsonAsync()).GetProperty("errors").Names();
            Assert.Equal(["crops", "deadlineMs", "model", "priority", "topK", "version"], errors.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Post_UnsupportedCrops_NamesTheSupportedOnes()
    {
        using var response = await shared.Service.Client().PostAsync("/classify?crops=7", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(
            "crops must be one of 1, 10, 12, 144, auto; it is '7'.",
            (await response.JsonAsync()).GetProperty("detail").GetString()
        );
    }

    [Fact]
    public void Documented_Parameters_AreExactlyThoseThatAreRead()
    {
        // A bad value for a documented parameter must be noticed: a parameter that nobody reads would not be.
        foreach (var documented in ParameterCatalog.Classify(new LimitsOptions()).Where(p => p.Name != RequestId.Header))
        {
            var context = new DefaultHttpContext();
            var tooMuch = new string('9', 200);
            if (documented.In == ParameterLocation.Query)
                context.Request.QueryString = QueryString.Create(documented.Name, tooMuch);
            else
                context.Request.Headers[documented.Name] = tooMuch;
            ClassifyParameters.Read(
                context.Request,
                new LimitsOptions(),
                new RequestsOptions(),
                [CropMode.Single, CropMode.Crops10],
                out var errors
            );
            Assert.Equal([documented.Name], errors.Keys);
        }
    }

    [Fact]
    public void Read_Nothing_GivesTheDefaults()
    {
        var parameters = Read("", header: null);
        Assert.Equal(
            (null, null, CropMode.Single, 5, null, 0),
            (parameters.Model, parameters.Version, parameters.Crops, parameters.TopK, parameters.Deadline, parameters.Priority)
        );
    }

    [Theory]
    [InlineData("", "250", 250)]
    [InlineData("?deadlineMs=100", "250", 100)]
    [InlineData("?DEADLINEMS=100", null, 100)]
    [InlineData("?deadlineMs=100", "nonsense", 100)]
    public void Read_Deadline_QueryWinsOverHeader(string query, string? header, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(query, header).Deadline);

    private static ClassifyParameters Read(string query, string? header)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new(query);
        if (header is not null)
            context.Request.Headers["X-Deadline-Ms"] = header;
        var parameters = ClassifyParameters.Read(
            context.Request,
            new LimitsOptions(),
            new RequestsOptions(),
            [CropMode.Single, CropMode.Crops10],
            out var errors
        );
        Assert.Empty(errors);
        return parameters;
    }

    [Theory]
    [InlineData("?crop=10", "crop", "Did you mean crops?")]
    [InlineData("?TOP_K=3", "TOP_K", "Did you mean topK?")]
    [InlineData("?topK=3&colour=red", "colour", "There is no parameter 'colour'.")]
    [InlineData("?version=1%00", "version", "zero character")]
    [InlineData("?topK=5%00", "topK", "zero character")]
    public void Read_ParameterThatIsNone_IsRefused(string query, string name, string said)
    {
        var context = new DefaultHttpContext { Request = { QueryString = new(query) } };
        ClassifyParameters.Read(context.Request, new LimitsOptions(), new RequestsOptions(), [CropMode.Single], out var errors);
        Assert.Equal([name], errors.Keys);
        Assert.Contains(said, errors[name], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownParametersIgnored_ReadsTheOthers()
    {
        var context = new DefaultHttpContext { Request = { QueryString = new("?utm_source=mail&topK=3") } };
        var parameters = ClassifyParameters.Read(
            context.Request,
            new LimitsOptions(),
            new RequestsOptions { IgnoreUnknownParameters = true },
            [CropMode.Single],
            out var errors
        );
        Assert.Empty(errors);
        Assert.Equal(3, parameters.TopK);
    }
}
