using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Saccade.Client;
using static Saccade.Api.Tests.Client.ScriptedService;

namespace Saccade.Api.Tests.Client;

/// <summary>What the client sends, and what it makes of answers, refusals and silence.</summary>
public sealed class SaccadeClientTests
{
    private static readonly byte[] Image = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Classify_EveryOption_IsInTheRequest()
    {
        using var service = new ScriptedService(Ok);
        using var client = service.Client(_time, options => options.ApiKey = "sk_shop");
        var options = new ClassifyOptions
        {
            Model = "a b&c",
            Version = "2",
            Crops = "auto",
            Priority = -3,
            TopK = 7,
            IncludeWindows = true,
            Deadline = TimeSpan.FromMilliseconds(1500.4),
        };

        await client.ClassifyAsync(Image, options).Guarded();

        var attempt = Assert.Single(service.Attempts);
        Assert.Equal("/classify/raw?model=a%20b%26c&version=2&crops=auto&priority=-3&topK=7&explain=crops", attempt.Target);
        Assert.Equal(("1500", "sk_shop"), (attempt.DeadlineMs, attempt.Key));
    }

    [Fact]
    public async Task Classify_NoOptions_LeavesAllToTheService()
    {
        using var service = new ScriptedService(Ok);
        using var client = service.Client(_time, options => options.Address = new("http://proxy.example/vision"));

        await client.ClassifyAsync(Image).Guarded();

        var attempt = Assert.Single(service.Attempts);
        Assert.Equal(("/vision/classify/raw", null, null), (attempt.Target, attempt.DeadlineMs, attempt.Key));
    }

    [Fact]
    public async Task Classify_Refused_ThrowsTheProblem()
    {
        const string problem = """
            {"type":"urn:saccade:problem:invalid-parameter","title":"No usable value","status":400,
             "detail":"2 parameters are wrong; see errors.",
             "code":"invalid-parameter","requestId":"4711",
             "errors":{"topK":"topK must be more.","crops":"crops must be other."},"more":{"of":["this"]}}
            """;
        using var service = new ScriptedService(Answer(HttpStatusCode.BadRequest, problem, "application/problem+json"));
        using var client = service.Client(_time);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Equal("2 parameters are wrong; see errors.", refused.Message);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-parameter", "4711"), (refused.Status, refused.Code, refused.RequestId));
        Assert.Null(refused.RetryAfter);
        Assert.Equal(["crops", "topK"], refused.Errors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>", "text/html")]
    [InlineData(HttpStatusCode.BadGateway, "{\"code\":", "application/problem+json")]
    [InlineData(HttpStatusCode.OK, "<html>Sign in</html>", "text/html")]
    [InlineData(HttpStatusCode.OK, "{\"id\":\"1\"}", "application/json")]
    [InlineData(HttpStatusCode.OK, "null", "application/json")]
    public async Task Classify_AnswerOfSomeoneElse_IsNoAnswerAndHasNoCode(HttpStatusCode status, string body, string type)
    {
        using var service = new ScriptedService(Answer(status, body, type));
        using var client = service.Client(_time);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Equal((status, null), (refused.Status, refused.Code));
        Assert.NotEmpty(refused.Message);
    }

    /// <summary>Key and image go where they were meant to go, and nowhere else.</summary>
    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    public async Task Classify_TheAddressHasMoved_IsToldAndNotFollowed(HttpStatusCode status)
    {
        using var service = new ScriptedService(Answer(status, "", "text/plain"));
        using var client = service.Client(_time);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Equal(status, refused.Status);
        using var handler = HttpSetup.Configure(new SocketsHttpHandler());
        Assert.False(handler.AllowAutoRedirect);
    }

    [Fact]
    public async Task Classify_NoAnswer_EndsASecondAfterTheDeadline()
    {
        using var service = new ScriptedService(Silence);
        using var client = service.Client(_time);

        var answer = client.ClassifyAsync(Image, new() { Deadline = TimeSpan.FromSeconds(3) });
        await TestTimeouts.UntilAsync(() => service.Attempts.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(3.999));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.001));

        var late = await Assert.ThrowsAsync<TimeoutException>(() => answer.Guarded());
        Assert.Contains("http://service.example/", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_NoAnswer_EndsAfterTheTimeout()
    {
        using var service = new ScriptedService(Silence);
        using var client = service.Client(_time, options => options.Timeout = TimeSpan.FromSeconds(7));

        var answer = client.ModelsAsync();
        await TestTimeouts.UntilAsync(() => service.Attempts.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(7));

        await Assert.ThrowsAsync<TimeoutException>(() => answer.Guarded());
    }

    /// <summary>A caller's own client, with its own limit and without the handlers of this library.</summary>
    [Fact]
    public async Task Classify_OwnHttpClientGivesUpFirst_IsATimeout()
    {
        using var service = new ScriptedService(Silence);
        using var http = new HttpClient(service) { BaseAddress = new("http://service.example/"), Timeout = TimeSpan.FromMilliseconds(1) };
        using var client = new SaccadeClient(http);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Contains("00:00:00.001", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_OwnHttpClientAndTheAnswerBreaksOff_IsABrokenConnection()
    {
        using var service = new ScriptedService(_ =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BrokenStream()) })
        );
        using var http = new HttpClient(service) { BaseAddress = new("http://service.example/") };
        using var client = new SaccadeClient(http);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.ClassifyAsync(Image).Guarded());
    }

    [Fact]
    public void SaccadeClient_HttpClientWithoutAddress_IsRefused()
    {
        using var http = new HttpClient();

        Assert.Throws<ArgumentException>(() => new SaccadeClient(http));
    }

    [Fact]
    public async Task Classify_CharacterSetThatNobodyKnows_IsNoAnswerOrRead()
    {
        using var service = new ScriptedService(
            _ =>
            {
                var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Red)) };
                answer.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=unheard-of");
                return Task.FromResult(answer);
            },
            _ =>
            {
                var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.Unicode.GetBytes(Red)) };
                return Task.FromResult(answer);
            }
        );
        using var client = service.Client(_time);

        Assert.Equal("red", (await client.ClassifyAsync(Image).Guarded()).Best.Label);
        await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(Image).Guarded());
    }

    [Fact]
    public async Task Everything_CancelledBeforehand_SendsNothing()
    {
        using var service = new ScriptedService(Ok);
        using var client = service.Client(_time);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ClassifyAsync(Image, null, cancelled).Guarded());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.EmbedAsync(Image, null, cancelled).Guarded());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ModelsAsync(cancelled).Guarded());
        Assert.Empty(service.Attempts);
    }

    [Fact]
    public async Task Classify_FileIsGone_ThrowsAndSendsNothing()
    {
        using var service = new ScriptedService(Ok);
        using var client = service.Client(_time);

        await Assert.ThrowsAsync<FileNotFoundException>(() => client.ClassifyAsync(ImageSource.FromFile("/nowhere.png")).Guarded());

        Assert.Empty(service.Attempts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Deadline_NoTimeAtAllOrMoreThanADay_IsRefused(int hours) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifyOptions { Deadline = TimeSpan.FromHours(hours) });

    [Fact]
    public void Options_Wrong_AreAllNamedAtOnce()
    {
        var options = new SaccadeClientOptions
        {
            Address = new("ftp://service.example"),
            ApiKey = "zwei Wörter",
            Timeout = TimeSpan.Zero,
            MaxRetries = -1,
            RetryDelay = TimeSpan.FromDays(2),
        };

        var thrown = Assert.Throws<ArgumentException>(() => new SaccadeClient(options));

        Assert.All(
            ["Address", "ApiKey", "Timeout", "MaxRetries", "RetryDelay"],
            name => Assert.Contains(name, thrown.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task AddSaccadeClient_Registers_OneClientWithKeyAndRetries()
    {
        using var connection = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "0"), Ok);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services
            .AddSaccadeClient(options => (options.Address, options.ApiKey) = (new("http://service.example"), "sk_shop"))
            .ConfigurePrimaryHttpMessageHandler(() => connection);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var client = provider.GetRequiredService<SaccadeClient>();

        await client.ClassifyAsync(Image, new() { Deadline = TimeSpan.FromSeconds(1) }).Guarded();

        Assert.Same(client, provider.GetRequiredService<SaccadeClient>());
        Assert.Equal(2, connection.Attempts.Count);
        Assert.All(connection.Attempts, attempt => Assert.Equal(("sk_shop", "1000"), (attempt.Key, attempt.DeadlineMs)));
    }

    [Fact]
    public void AddSaccadeClient_OptionsAreWrong_FailsWhenTheHostStarts()
    {
        var services = new ServiceCollection();
        services.AddSaccadeClient(static _ => { });
        using var provider = services.BuildServiceProvider();

        var thrown = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Address", thrown.Message, StringComparison.Ordinal);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new IOException("Reset.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Reset.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("Reset.");
    }
}
