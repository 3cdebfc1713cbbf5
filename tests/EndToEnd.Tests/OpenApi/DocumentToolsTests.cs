using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.OpenApi;

/// <summary>What others make of the service's OpenAPI document: two checkers, and a generator of types for TypeScript.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class DocumentToolsTests(PublishedService published) : IDisposable
{
    private const string DocumentFile = "openapi.json";

    // Below the packages, so that what is compiled here finds them.
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(NpmPackages.Root, $"test-{Guid.NewGuid():n}"));

    public void Dispose() => _folder.Delete(recursive: true);

    [NpmFact("@redocly/cli")]
    public async Task Redocly_Document_HasNoErrors()
    {
        await DownloadAsync();

        await SucceedsAsync("redocly", "lint", DocumentFile);
    }

    [NpmFact("@stoplight/spectral-cli")]
    public async Task Spectral_Document_HasNoErrors()
    {
        await DownloadAsync();
        Write("rules.yaml", "extends: [\"spectral:oas\"]");

        await SucceedsAsync("spectral", "lint", "--ruleset", "rules.yaml", "--fail-severity", "error", DocumentFile);
    }

    [NpmFact("openapi-typescript", "typescript")]
    public async Task TypeScript_TypesOfTheDocument_CompileAndClassify()
    {
        var address = await DownloadAsync();
        Write("classify.ts", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "OpenApi", "classify.ts")));

        await SucceedsAsync("openapi-typescript", DocumentFile, "--output", "api.d.ts");
        await SucceedsAsync("tsc", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "classify.ts");
        var output = await SucceedsAsync("node", "classify.js", address, Convert.ToBase64String(Samples.One));

        Assert.Equal(
            ["Ankle boot 10 3", "Ankle boot", "Ankle boot", "unknown-model"],
            output.Split('\n', StringSplitOptions.TrimEntries)[..4]
        );
    }

    /// <returns>The service's address, without a slash at its end.</returns>
    private async Task<string> DownloadAsync()
    {
        var service = await published.SharedReadyAsync();
        using var client = new HttpClient { BaseAddress = service.Address };
        Write(DocumentFile, await client.GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)));
        return service.Address.ToString().TrimEnd('/');
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);

    private async Task<string> SucceedsAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await NpmPackages.RunAsync(program, _folder.FullName, arguments);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}:\n{output}");
        return output;
    }
}
