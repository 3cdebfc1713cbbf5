using System.Reflection;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenApi;

/// <summary>
/// A client that NSwag writes from the document of the running service: it compiles, and classifies an image in each form of body.
/// </summary>
[Collection(SharedServiceTests.Name)]
public sealed class GeneratedClientTests(SharedService shared)
{
    private const string Client = "Generated.Client";

    // One compilation for all tests of the class.
    private static readonly SemaphoreSlim Once = new(1);
    private static Assembly? _compiled;

    [Fact]
    public async Task Classify_AFormsFile_IsAnswered()
    {
        var types = await CompiledAsync();
        using var image = new MemoryStream(Payload.RedPng);
        var file = Activator.CreateInstance(types.GetType("Generated.FileParameter", throwOnError: true)!, image, "red.png", "image/png")!;

        Assert.Equal("red", BestLabel(await CallAsync(types, "ClassifyAsync", file)));
    }

    [Fact]
    public async Task ClassifyRaw_TheBodyIsTheImage_IsAnswered()
    {
        var types = await CompiledAsync();
        using var image = new MemoryStream(Payload.RedPng);

        Assert.Equal("red", BestLabel(await CallAsync(types, "ClassifyRawAsync", image)));
    }

    [Fact]
    public async Task ClassifyBase64_AnObject_IsAnswered()
    {
        var types = await CompiledAsync();
        var parameter = Method(types, "ClassifyBase64Async").GetParameters().Single(one => one.Name == "body");
        var body = Activator.CreateInstance(parameter.ParameterType)!;
        parameter.ParameterType.GetProperty("Image")!.SetValue(body, Convert.ToBase64String(Payload.RedPng));

        Assert.Equal("red", BestLabel(await CallAsync(types, "ClassifyBase64Async", body)));
    }

    [Fact]
    public async Task GetModel_AndTheProtocolsMetadata_AreReadInFull()
    {
        var types = await CompiledAsync();

        var model = await CallAsync(types, "GetModelAsync", "colors");
        var metadata = await CallAsync(types, "OipConfigAsync", "colors");

        Assert.Equal("colors", Read(model, "Name"));
        Assert.Equal("Ready", $"{Read(((IEnumerable<object>)Read(model, "Versions")!).First(), "State")}");
        Assert.NotEqual(0, Read(metadata, "Max_batch_size"));
    }

    [Fact]
    public async Task Refusal_IsATypedProblem()
    {
        var types = await CompiledAsync();

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(types, "GetModelAsync", "nobody"));

        Assert.Equal(404, Read(thrown, "StatusCode"));
        Assert.Equal("unknown-model", Read(Read(thrown, "Result")!, "Code"));
    }

    private async Task<Assembly> CompiledAsync()
    {
        await Once.WaitAsync();
        try
        {
            return _compiled ??= GeneratedAssembly.Compile([await GenerateAsync()]);
        }
        finally
        {
            Once.Release();
        }
    }

    private async Task<string> GenerateAsync()
    {
        var text = await shared.Service.Client().GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)).Guarded();
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "Client",
            UseBaseUrl = false,
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson },
        };
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(text), settings).GenerateFile();
    }

    // What is required is given by type; every optional parameter is left out.
    private async Task<object> CallAsync(Assembly types, string name, object argument)
    {
        var client = Activator.CreateInstance(types.GetType(Client, throwOnError: true)!, shared.Service.Client())!;
        var method = Method(types, name);
        object?[] arguments =
        [
            .. method
                .GetParameters()
                .Select(one => one.ParameterType.IsInstanceOfType(argument) && one.Name is "image" or "body" or "name" ? argument : null),
        ];
        var call = (Task)method.Invoke(client, arguments)!;
        await call.Guarded();
        return call.GetType().GetProperty("Result")!.GetValue(call)!;
    }

    private static MethodInfo Method(Assembly types, string name) =>
        types
            .GetType(Client, throwOnError: true)!
            .GetMethods()
            .Single(one => one.Name == name && one.GetParameters().All(parameter => parameter.ParameterType != typeof(CancellationToken)));

    private static object? Read(object value, string property) => value.GetType().GetProperty(property)!.GetValue(value);

    private static string BestLabel(object answer) => (string)Read(((IEnumerable<object>)Read(answer, "Predictions")!).First(), "Label")!;
}
