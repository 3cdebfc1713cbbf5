using System.Diagnostics;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenApi;

/// <summary>
/// A client that Kiota writes from the document of the running service: it compiles, and classifies an image in each form of body.
/// </summary>
[Collection(SharedServiceTests.Name)]
public sealed class KiotaClientTests(SharedService shared) : IDisposable
{
    /// <summary>What someone writes who uses the client.</summary>
    private const string Caller = """
        using System;
        using System.IO;
        using System.Net.Http;
        using System.Threading.Tasks;
        using Generated;
        using Generated.Models;
        using Microsoft.Kiota.Abstractions;
        using Microsoft.Kiota.Abstractions.Authentication;
        using Microsoft.Kiota.Http.HttpClientLibrary;

        public static class Caller
        {
            public static async Task<string[]> AskAsync(HttpClient http, byte[] image)
            {
                using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http);
                adapter.BaseUrl = http.BaseAddress.ToString();
                var client = new SaccadeClient(adapter);

                var form = new MultipartBody();
                form.AddOrReplacePart("image", "image/png", image, "red.png");
                var answer = await client.Classify.PostAsync(form, request => request.QueryParameters.TopK = 2);
                var raw = await client.Classify.Raw.PostAsync(new MemoryStream(image));
                var base64 = await client.Classify.Base64.PostAsync(new() { Image = Convert.ToBase64String(image) });
                var model = await client.Models["colors"].GetAsync();
                try
                {
                    await client.Models["nobody"].GetAsync();
                    return [];
                }
                catch (Problem problem)
                {
                    return
                    [
                        $"{answer.Predictions[0].Label} of {answer.Predictions.Count}",
                        raw.Predictions[0].Label,
                        base64.Predictions[0].Label,
                        $"{model.Versions[0].State}",
                        problem.Code,
                    ];
                }
            }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("saccade-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Classify_EveryFormOfBody_IsAnsweredAndARefusalIsTyped()
    {
        using var http = shared.Service.Client();
        var document = Path.Combine(_folder.FullName, "openapi.json");
        await File.WriteAllTextAsync(document, await http.GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)).Guarded());

        var sources = await GenerateAsync(document);
        var caller = GeneratedAssembly.Compile([.. sources, Caller]).GetType("Caller", throwOnError: true)!;
        var answers = await ((Task<string[]>)caller.GetMethod("AskAsync")!.Invoke(obj: null, [http, Payload.RedPng])!).Guarded();

        Assert.Equal(["red of 2", "red", "red", "Ready", "unknown-model"], answers);
    }

    // The tool of .config/dotnet-tools.json, which eng/style restores.
    private async Task<string[]> GenerateAsync(string document)
    {
        var output = Path.Combine(_folder.FullName, "client");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                .. (string[])["kiota", "generate", "--language", "CSharp", "--openapi", document, "--output", output],
                .. (string[])["--class-name", "SaccadeClient", "--namespace-name", "Generated", "--log-level", "Error"],
            ]
        )
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KIOTA_CLI_TELEMETRY_OPTOUT"] = "1" },
        };
        using var kiota = Process.Start(start)!;
        var said = await Task.WhenAll(kiota.StandardOutput.ReadToEndAsync(), kiota.StandardError.ReadToEndAsync());
        await kiota.WaitForExitAsync();
        Assert.True(kiota.ExitCode == 0, string.Concat(said));
        return await Task.WhenAll(
            Directory.GetFiles(output, "*.cs", SearchOption.AllDirectories).Select(file => File.ReadAllTextAsync(file))
        );
    }
}
