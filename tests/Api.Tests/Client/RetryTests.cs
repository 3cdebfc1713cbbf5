using System.Globalization;
using System.Net;
using Saccade.Client;
using static Saccade.Api.Tests.Client.ScriptedService;

namespace Saccade.Api.Tests.Client;

public sealed class RetryTests
{
    private static readonly byte[] Image = [1, 2, 3, 4, 5];

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "queue-full")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "not-ready")]
    public async Task Classify_RefusedForTheMoment_WaitsAsToldAndSendsTheSame(HttpStatusCode status, string code)
    {
        using var service = new ScriptedService(Refuse(status, code, "2"), Ok);
        using var client = service.Client(_time);

        var answer = client.ClassifyAsync(Image);
        await PausedAsync();
        _time.Advance(TimeSpan.FromSeconds(1.999));
        Assert.Single(service.Attempts);
        _time.Advance(TimeSpan.FromSeconds(0.501));

        Assert.Equal("red", (await answer.Guarded()).Best.Label);
        Assert.Equal([Image, Image], service.Attempts.Select(attempt => attempt.Body));
    }

    [Fact]
    public async Task Classify_RetryAfterIsADate_WaitsForIt()
    {
        var date = (_time.GetUtcNow() + TimeSpan.FromSeconds(10)).ToString("r", CultureInfo.InvariantCulture);
        using var service = new ScriptedService(Refuse(HttpStatusCode.ServiceUnavailable, "not-ready", date), Ok);
        using var client = service.Client(_time);

        var answer = client.ClassifyAsync(Image);
        await PausedAsync();
        _time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Single(service.Attempts);
        _time.Advance(TimeSpan.FromSeconds(2.501));

        await answer.Guarded();
        Assert.Equal(2, service.Attempts.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Classify_RefusedAgainAndAgain_EndsAfterTheRetriesWithTheRefusal(int retries)
    {
        using var service = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "0"));
        using var client = service.Client(_time, options => options.MaxRetries = retries);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Equal("queue-full", refused.Code);
        Assert.Equal(retries + 1, service.Attempts.Count);
    }

    /// <summary>No time to come back is the service's word that it is pointless.</summary>
    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "invalid-parameter", null)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "model-broken", null)]
    [InlineData(HttpStatusCode.GatewayTimeout, "deadline-exceeded", null)]
    [InlineData(HttpStatusCode.InternalServerError, "internal-error", "1")]
    public async Task Classify_RefusedForGood_IsSentOnce(HttpStatusCode status, string code, string? retryAfter)
    {
        using var service = new ScriptedService(Refuse(status, code, retryAfter), Ok);
        using var client = service.Client(_time);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task Classify_BalancerHasNoReplica_IsSentAgain()
    {
        using var service = new ScriptedService(Answer(HttpStatusCode.ServiceUnavailable, "<html>", "text/html"), Ok);
        using var client = service.Client(_time, options => options.RetryDelay = TimeSpan.Zero);

        await client.ClassifyAsync(Image).Guarded();

        Assert.Equal(2, service.Attempts.Count);
    }

    [Fact]
    public async Task Classify_ConnectionBreaks_IsSentAgain()
    {
        using var service = new ScriptedService(
            Throw(new HttpRequestException(HttpRequestError.ConnectionError)),
            Throw(new HttpRequestException("Broken pipe", new IOException())),
            _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new BrokenContent() }),
            Ok
        );
        using var client = service.Client(_time, options => options.RetryDelay = TimeSpan.Zero);

        await client.ClassifyAsync(Image).Guarded();

        Assert.Equal(4, service.Attempts.Count);
    }

    [Fact]
    public async Task Classify_ConnectionBreaksAgainAndAgain_WaitsTwiceAsLongEachTime()
    {
        using var service = new ScriptedService(Throw(new HttpRequestException(HttpRequestError.ConnectionError)));
        using var client = service.Client(_time);

        var answer = client.ClassifyAsync(Image);
        var attempts = 1;
        foreach (var pause in new[] { 0.5, 1, 2 })
        {
            // No further than the pause: what is left of a step would count for the next one, or not.
            await PausedAsync();
            Assert.Equal(attempts, service.Attempts.Count);
            Assert.InRange(_time.UntilNextTimer.TotalSeconds, pause, 1.25 * pause);
            _time.Advance(_time.UntilNextTimer);
            attempts++;
            await TestTimeouts.UntilAsync(() => service.Attempts.Count == attempts);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Guarded());
        Assert.Equal(4, service.Attempts.Count);
    }

    [Fact]
    public async Task Classify_ConnectionBreaksAndThePauseWouldOutlastTheDeadline_FailsAtOnce()
    {
        using var service = new ScriptedService(Throw(new HttpRequestException(HttpRequestError.ConnectionError)), Ok);
        using var client = service.Client(_time);

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.ClassifyAsync(Image, new() { Deadline = TimeSpan.FromMilliseconds(600) }).Guarded()
        );

        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task Classify_CertificateDoesNotFit_IsSentOnce()
    {
        using var service = new ScriptedService(Throw(new HttpRequestException(HttpRequestError.SecureConnectionError)), Ok);
        using var client = service.Client(_time);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.ClassifyAsync(Image).Guarded());

        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task Classify_StreamThatSeeks_IsSentFromItsPositionEachTimeAndStaysOpen()
    {
        using var service = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "0"), Ok);
        using var client = service.Client(_time);
        using var stream = new MemoryStream(Image) { Position = 2 };

        await client.ClassifyAsync(stream).Guarded();

        Assert.Equal([Image[2..], Image[2..]], service.Attempts.Select(attempt => attempt.Body));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task Classify_StreamThatDoesNotSeek_IsSentOnce()
    {
        using var service = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "0"), Ok);
        using var client = service.Client(_time);
        using var stream = new ForwardStream(Image);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() => client.ClassifyAsync(stream).Guarded());

        Assert.Equal(TimeSpan.Zero, refused.RetryAfter);
        Assert.Equal([Image], service.Attempts.Select(attempt => attempt.Body));
    }

    /// <summary>The image is broken, not the connection.</summary>
    [Fact]
    public async Task Classify_StreamCannotBeRead_ThrowsWhatReadingItThrows()
    {
        using var service = new ScriptedService(Ok);
        using var client = service.Client(_time, options => options.RetryDelay = TimeSpan.Zero);
        using var stream = new UnreadableStream();

        var failure = await Assert.ThrowsAsync<IOException>(() => client.ClassifyAsync(stream).Guarded());

        Assert.Equal("Bad sector.", failure.Message);
        Assert.Equal(1, stream.Reads);
    }

    [Fact]
    public async Task Classify_PauseWouldOutlastTheDeadline_IsRefusedAtOnce()
    {
        using var service = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "5"), Ok);
        using var client = service.Client(_time);

        var refused = await Assert.ThrowsAsync<SaccadeException>(() =>
            client.ClassifyAsync(Image, new() { Deadline = TimeSpan.FromSeconds(3) }).Guarded()
        );

        Assert.Equal(TimeSpan.FromSeconds(5), refused.RetryAfter);
        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task Classify_SentAgain_TellsWhatIsLeftOfTheDeadline()
    {
        using var service = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "2"), Ok);
        using var client = service.Client(_time);

        var answer = client.ClassifyAsync(Image, new() { Deadline = TimeSpan.FromSeconds(10) });
        await PausedAsync();
        _time.Advance(TimeSpan.FromSeconds(2.5));
        await answer.Guarded();

        Assert.Equal("10000", service.Attempts[0].DeadlineMs);
        Assert.InRange(int.Parse(service.Attempts[1].DeadlineMs!, CultureInfo.InvariantCulture), 7500, 8000);
    }

    [Fact]
    public async Task Classify_CancelledDuringThePause_EndsThere()
    {
        using var service = new ScriptedService(Refuse(HttpStatusCode.TooManyRequests, "queue-full", "2"), Ok);
        using var client = service.Client(_time);
        using var stop = new CancellationTokenSource();

        var answer = client.ClassifyAsync(Image, cancellationToken: stop.Token);
        await PausedAsync();
        await stop.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Guarded());
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        Assert.Single(service.Attempts);
    }

    // The call's time limit and the pause.
    private Task PausedAsync() => TestTimeouts.UntilAsync(() => _time.ArmedTimers == 2);

    private sealed class UnreadableStream() : MemoryStream([1, 2, 3])
    {
        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            throw new IOException("Bad sector.");
        }
    }

    private sealed class BrokenContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("Reset.");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
