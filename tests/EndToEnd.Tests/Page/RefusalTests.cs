using System.Net;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Page;

/// <summary>What a reader of the page sees when there is no answer.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class RefusalTests(PublishedService published) : IDisposable
{
    private const int LargestBody = 128 * 1024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_WhatIsNoPicture_SaysWhatTheProblemDocumentSays()
    {
        await using var service = await published.StartReadyAsync(("Limits__MaxBodyBytes", "100000"));
        using var browser = await Browser.OpenAsync(service.Address);

        browser.Choose(Save("notes.txt", "not a picture"u8.ToArray()));
        await RefusedAsync(browser, "415 · unsupported-image");
        browser.Choose(Save("cut.png", Samples.One[..^100]));
        await RefusedAsync(browser, "422 · invalid-image");
        browser.Choose(Save("large.png", new byte[200_000]));
        await RefusedAsync(browser, "413 · body-too-large");
        Assert.Empty(browser.Texts("#again"));

        browser.Choose(Save("whole.png", Samples.One));
        await browser.AnsweredAsync();
        Assert.Empty(browser.Texts("#refusal"));
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_WhileTheServiceIsBusy_CountsDownAndCanBeTriedAgain()
    {
        // All memory of bodies is taken by one that is still arriving.
        await using var service = await published.StartReadyAsync(
            ("Limits__MaxBodyBytes", $"{LargestBody}"),
            ("Limits__MaxBatchBodyBytes", $"{LargestBody}"),
            ("Limits__BodyMemory", $"{2 * LargestBody}")
        );
        using var browser = await Browser.OpenAsync(service.Address);
        var busy = new TaskCompletionSource();
        using var client = new HttpClient { BaseAddress = service.Address };
        using var held = new HeldBody(busy.Task);
        var holding = HoldAsync(client, held);
        await Eventually.TrueAsync(
            async () =>
            {
                // It may be refused itself, when it comes while the question whether it is there yet is being answered.
                if (holding.IsCompleted)
                    holding = HoldAsync(client, held);
                return await IsRefusedAsync(client);
            },
            TimeSpan.FromMinutes(1)
        );

        browser.Choose(Save("boot.png", Samples.One));
        await RefusedAsync(browser, "429 · too-many-requests");
        await Eventually.TrueAsync(() => Task.FromResult(browser.Texts("#again") is ["Try again"]), TimeSpan.FromMinutes(1));
        busy.TrySetResult();
        using (await holding)
            await Eventually.TrueAsync(async () => !await IsRefusedAsync(client), TimeSpan.FromMinutes(1));
        browser.Click("#again");

        await browser.AnsweredAsync();
        Assert.Empty(browser.Texts("#refusal"));
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_WhenTheServiceIsGone_SaysSo()
    {
        await using var service = await published.StartReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);
        service.Process.Terminate();
        await service.Process.WaitForExitAsync(TimeSpan.FromMinutes(1));

        browser.Choose(Save("boot.png", Samples.One));

        await RefusedAsync(browser, "no-answer");
        Assert.Equal("Try again", browser.Text("#again"));
    }

    private static Task RefusedAsync(Browser browser, string code) =>
        Eventually.TrueAsync(
            () => Task.FromResult(browser.Texts("#refusal-code") is [var shown] && shown.StartsWith(code, StringComparison.Ordinal)),
            TimeSpan.FromMinutes(1),
            () => $"The page says: {string.Join(' ', browser.Texts("#side"))}"
        );

    private static Task<HttpResponseMessage> HoldAsync(HttpClient client, HttpContent body) =>
        client.PostAsync(new Uri("/classify?deadlineMs=300000", UriKind.Relative), body);

    private static async Task<bool> IsRefusedAsync(HttpClient client)
    {
        using var picture = new ByteArrayContent(Samples.One);
        picture.Headers.ContentType = new("image/png");
        using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), picture);
        return answer.StatusCode == HttpStatusCode.TooManyRequests;
    }

    private string Save(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.PathOf(name), content);
        return _folder.PathOf(name);
    }

    /// <summary>A body that stops just before it is too large, and does not end before it is told to.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly Task _end;

        public HeldBody(Task end)
        {
            _end = end;
            Headers.ContentType = new("application/octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[LargestBody - 64]);
            await stream.FlushAsync();
            await _end;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
