using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Saccade.Client;

namespace Saccade.Api.Tests.Client;

/// <summary>A service of which a test writes every answer, in the place of the connection.</summary>
internal sealed class ScriptedService(params Func<CancellationToken, Task<HttpResponseMessage>>[] answers) : HttpMessageHandler
{
    public const string Red = """
        {"id":"1","model":"colors","version":"1","crops":{"requested":"1","used":1},"members":["colors"],
         "predictions":[{"label":"red","index":0,"probability":0.9}],
         "timings":{"totalMs":1,"decodeMs":0,"preprocessMs":0,"queueMs":0,"inferenceMs":1,"batchSize":1}}
        """;

    /// <summary>What came, in order.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>A client of it whose time stands still.</summary>
    public SaccadeClient Client(FakeTimeProvider time, Action<SaccadeClientOptions>? configure = null)
    {
        var options = new SaccadeClientOptions { Address = new("http://service.example/") };
        configure?.Invoke(options);
        return new(HttpSetup.Create(options, time, this), options, time);
    }

    public static Func<CancellationToken, Task<HttpResponseMessage>> Answer(
        HttpStatusCode status,
        string body,
        string type = "application/json",
        string? retryAfter = null
    ) =>
        _ =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
            if (retryAfter is not null)
                response.Headers.RetryAfter = RetryConditionHeaderValue.Parse(retryAfter);
            return Task.FromResult(response);
        };

    public static Func<CancellationToken, Task<HttpResponseMessage>> Ok { get; } = Answer(HttpStatusCode.OK, Red);

    public static Func<CancellationToken, Task<HttpResponseMessage>> Refuse(
        HttpStatusCode status,
        string code,
        string? retryAfter = null
    ) =>
        Answer(
            status,
            $$"""
            {"type":"urn:saccade:problem:{{code}}","title":"No.","status":{{(int)status}},"detail":"Not now.",
             "code":"{{code}}","requestId":"4711"}
            """,
            "application/problem+json",
            retryAfter
        );

    public static Func<CancellationToken, Task<HttpResponseMessage>> Throw(Exception failure) =>
        _ => Task.FromException<HttpResponseMessage>(failure);

    /// <summary>No answer until nobody waits for it any more.</summary>
    public static Func<CancellationToken, Task<HttpResponseMessage>> Silence { get; } =
        async stop =>
        {
            var never = new TaskCompletionSource<HttpResponseMessage>();
            return await never.Task.WaitAsync(stop);
        };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadFreshAsync();
        request.Headers.TryGetValues("X-Deadline-Ms", out var deadline);
        request.Headers.TryGetValues("X-Api-Key", out var key);
        Attempts.Add(new(request.RequestUri!.PathAndQuery, body, deadline?.Single(), key?.Single()));
        return await answers[Math.Min(Attempts.Count, answers.Length) - 1](cancellationToken);
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record Attempt(string Target, byte[] Body, string? DeadlineMs, string? Key);

internal static class FreshContent
{
    /// <summary>The body as a connection would take it: not buffered, so that each attempt reads the image again.</summary>
    public static async Task<byte[]> ReadFreshAsync(this HttpContent content)
    {
        using var sent = new MemoryStream();
        await content.CopyToAsync(sent);
        return sent.ToArray();
    }
}
