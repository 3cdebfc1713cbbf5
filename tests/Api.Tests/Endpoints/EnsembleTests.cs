using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Tests.Support;
using Saccade.Inference.Execution.Sessions;

namespace Saccade.Api.Tests.Endpoints;

/// <summary>Ensembles over HTTP: asked for, listed and described like models.</summary>
public sealed class EnsembleTests : IAsyncLifetime
{
    private readonly TempModels _models = new TempModels()
        .Colors("first")
        .Colors("second")
        .Ensemble("both", """{"members":[{"model":"first","weight":2},{"model":"second"}],"whenMissing":"answer"}""")
        .Ensemble("loop", """{"members":[{"model":"loop"}]}""");

    private readonly GatedModelSession _first = new();
    private readonly GatedModelSession _second = new();
    private Service _service = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _service = await Service.StartAsync(
            new() { ["Models:Path"] = _models.Path, ["Execution:Provider"] = "Cpu" },
            services =>
                services.AddSingleton<ModelSessionFactory>(
                    (path, _) => path.Contains("second", StringComparison.Ordinal) ? _second : _first
                )
        );
        _client = _service.Client();
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _models.Dispose();
    }

    [Fact]
    public async Task Post_Ensemble_NamesItsMembers()
    {
        var answer = await ClassifyAsync("?model=both&crops=10");

        Assert.Equal(
            ("both", "1", "red"),
            (answer.GetProperty("model").GetString(), answer.GetProperty("version").GetString(), answer.TopLabel())
        );
        Assert.Equal("""["first","second"]""", answer.GetProperty("members").GetRawText());
        Assert.Equal("""{"requested":"10","used":20}""", answer.GetProperty("crops").GetRawText());
        Assert.False(answer.TryGetProperty("missing", out _));
    }

    [Fact]
    public async Task Post_EnsembleExplained_TellsTheLooksOfEachMember()
    {
        var answer = await ClassifyAsync("?model=both&crops=12&explain=crops");

        var windows = answer
            .GetProperty("crops")
            .GetProperty("windows")
            .EnumerateArray()
            .ToLookup(crop => crop.GetProperty("member").GetString(), crop => crop.GetProperty("times").GetInt32());
        Assert.Equal(["first", "second"], windows.Select(member => member.Key));
        Assert.All(windows, member => Assert.Equal(12, member.Sum()));
    }

    [Fact]
    public async Task Post_EnsembleOneOfWhoseMembersFails_NamesItAsMissing()
    {
        _second.Fault = (_, _) => throw new InvalidOperationException("the device is on fire");

        var answer = await ClassifyAsync("?model=both");

        Assert.Equal("""["first"]""", answer.GetProperty("members").GetRawText());
        Assert.Equal("""[{"member":"second","reason":"model-failed"}]""", answer.GetProperty("missing").GetRawText());
    }

    [Fact]
    public async Task Post_EnsembleThatCannotBe_IsNotReadyWithTheReason()
    {
        using var response = await _client.PostAsync("/classify?model=loop", Payload.Form(Payload.RedPng)).Guarded();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(
            "Member 'loop' is the ensemble itself.",
            (await response.JsonAsync()).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task List_Ensemble_IsThereWithState()
    {
        using var response = await _client.GetAsync(new Uri("/models", UriKind.Relative)).Guarded();
        var versions = (await response.JsonAsync())
            .GetProperty("models")
            .EnumerateArray()
            .ToDictionary(model => model.GetProperty("name").GetString()!, model => model.GetProperty("versions")[0]);

        Assert.Equal("""{"version":"1","state":"ready","architecture":"ensemble","classes":3}""", versions["both"].GetRawText());
        Assert.Equal(
            ("failed", "Member 'loop' is the ensemble itself."),
            (versions["loop"].GetProperty("state").GetString(), versions["loop"].GetProperty("error").GetString())
        );
    }

    [Fact]
    public async Task One_Ensemble_TellsItsMembersAndRounds()
    {
        using var response = await _client.GetAsync(new Uri("/models/both", UriKind.Relative)).Guarded();
        var version = (await response.JsonAsync()).GetProperty("versions")[0];

        Assert.Equal(
            """[{"name":"first","version":"1","weight":2,"state":"ready"},{"name":"second","version":"1","weight":1,"state":"ready"}]""",
            version.GetProperty("members").GetRawText()
        );
        Assert.Equal("answer", version.GetProperty("whenMissing").GetString());
        Assert.Equal("""["1","10","12","144","auto"]""", version.GetProperty("crops").GetRawText());
        Assert.Equal("""["red","green","blue"]""", version.GetProperty("labels").GetRawText());
        Assert.Equal(
            """{"crops":"1","members":["first"],"confidence":0.9}""",
            version.GetProperty("earlyExit").GetProperty("rounds")[0].GetRawText()
        );
    }

    [Fact]
    public async Task OpenInference_TensorsForAnEnsemble_AreRefusedWithTheReason()
    {
        var pixels = string.Join(',', Enumerable.Repeat("0", 192));
        using var response = await _client
            .PostAsync(
                "/v2/models/both/infer",
                Payload.Json($$"""{"inputs":[{"name":"input","shape":[1,3,8,8],"datatype":"FP32","data":[{{pixels}}]}]}""")
            )
            .Guarded();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("is an ensemble", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> ClassifyAsync(string query)
    {
        using var response = await _client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }
}
