using System.Net;
using System.Net.Sockets;
using System.Text;
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
    public async Task Choose_WhatIsNoImage_SaysWhatTheProblemDocumentSays()
    {
        await using var service = await published.StartReadyAsync(("Limits__MaxBodyBytes", "100000"));
        using var browser = await Browser.OpenAsync(service.Address);

        browser.Choose(Save("notes.txt", "no image"u8.ToArray()));
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
        using var client = new HttpClient { BaseAddress = service.Address };
        var held = await HeldBodyAsync(service.Address);
        await Eventually.TrueAsync(
            async () =>
            {
                // It is refused itself if it comes while the question whether it is there is being answered.
                if (held.Available > 0)
                {
                    held.Dispose();
                    held = await HeldBodyAsync(service.Address);
                }

                return await IsRefusedAsync(client);
            },
            TimeSpan.FromMinutes(1)
        );
        using (held)
        {
            browser.Choose(Save("boot.png", Samples.One));
            await RefusedAsync(browser, "429 · too-many-requests");
            await Eventually.TrueAsync(() => Task.FromResult(browser.Texts("#again") is ["Try again"]), TimeSpan.FromMinutes(1));
        }

        await Eventually.TrueAsync(async () => !await IsRefusedAsync(client), TimeSpan.FromMinutes(1));
        browser.Click("#again");

        await browser.AnsweredAsync();
        Assert.Empty(browser.Texts("#refusal"));
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_SeveralOfWhichOneIsTooLarge_TheOthersAreAnswered()
    {
        await using var service = await published.StartReadyAsync(
            ("Limits__MaxBodyBytes", "100000"),
            ("Limits__MaxBatchBodyBytes", "100000")
        );
        using var browser = await Browser.OpenAsync(service.Address);

        browser.Choose([Save("large.png", new byte[200_000]), Save("boot.png", Samples.One)]);

        await Eventually.TrueAsync(
            () =>
                Task.FromResult(
                    browser.Texts("#gallery span") is ["The body is too large", var second]
                        && second.StartsWith("Ankle boot, ", StringComparison.Ordinal)
                ),
            TimeSpan.FromMinutes(1),
            () => $"The page says: {string.Join(' ', browser.Texts("main"))}"
        );
        Assert.Empty(browser.Texts("#refusal"));
    }

    /// <summary>Without a question there is no answer: that of the image before must not stand beside this one.</summary>
    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_WhileTheQuestionIsInvalid_TheLastAnswerGoes()
    {
        await using var service = await published.StartReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);
        browser.Choose(Save("boot.png", Samples.One));
        await browser.AnsweredAsync();

        browser.Do("document.getElementById('top').value = ''");
        browser.Choose(Save("other.png", Samples.One));

        await Eventually.TrueAsync(
            () => Task.FromResult(browser.Texts("#caption") is [var caption] && caption.StartsWith("other.png", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(1),
            () => $"The page says: {string.Join(' ', browser.Texts("main"))}"
        );
        Assert.Empty(browser.Texts("#answer"));
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

    /// <summary>A body that stops just before it is too large; it ends with the connection.</summary>
    private static async Task<TcpClient> HeldBodyAsync(Uri service)
    {
        const int Sent = LargestBody - 64;
        var connection = new TcpClient();
        await connection.ConnectAsync(service.Host, service.Port);
        var head =
            $"POST /classify?deadlineMs=300000 HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Type: application/octet-stream\r\n"
            + $"Transfer-Encoding: chunked\r\n\r\n{Sent:x}\r\n";
        await connection.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. new byte[Sent]]);
        return connection;
    }

    private static async Task<bool> IsRefusedAsync(HttpClient client)
    {
        using var image = new ByteArrayContent(Samples.One);
        image.Headers.ContentType = new("image/png");
        using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), image);
        return answer.StatusCode == HttpStatusCode.TooManyRequests;
    }

    private string Save(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.PathOf(name), content);
        return _folder.PathOf(name);
    }
}
