using System.Net;
using System.Text.Json;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Service;

/// <summary>What a newcomer types first, and what is served then: the models of the folder models.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class RunScriptTests
{
    [Theory]
    [InlineData("run", "--port PORT")]
    [InlineData("train", "serve models --Urls=http://127.0.0.1:PORT")]
    public async Task Run_OnThisCheckout_ServesAndDrains(string script, string arguments)
    {
        var port = FreePort.Next();
        await using var run = ChildProcess.Start(
            Checkout.PathOf(script),
            arguments.Replace("PORT", $"{port}", StringComparison.Ordinal).Split(' '),
            Checkout.Root
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        await Eventually.TrueAsync(() => IsReadyAsync(client, run), TimeSpan.FromMinutes(5), () => run.Output);
        using var image = new ByteArrayContent(await File.ReadAllBytesAsync(Checkout.PathOf("samples", "cifar10", "256", "cat-1.png")));
        image.Headers.ContentType = new("image/png");
        using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), image);
        run.Terminate();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("cat", body.RootElement.GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.Equal(0, await run.WaitForExitAsync(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData("--help", "--port N")]
    [InlineData("-h", "--port N")]
    [InlineData("--version", "Saccade ")]
    public async Task Run_AskedForHelpOrVersion_TellsItAndServesNothing(string argument, string part)
    {
        await using var run = ChildProcess.Start(Checkout.PathOf("run"), ["--port", "1", argument], Checkout.Root);

        Assert.Equal(0, await run.WaitForExitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("http://localhost:1 ", run.Output, StringComparison.Ordinal);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, ChildProcess run)
    {
        if (run.HasExited)
            throw new InvalidOperationException($"it ended: {run.Output}");
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
