using System.Net;
using Saccade.Client;
using static Saccade.Api.Tests.Client.ScriptedService;

namespace Saccade.Api.Tests.Client;

/// <summary>Many images by <see cref="SaccadeClient.ClassifyBatchAsync"/>; the body of each is its number.</summary>
public sealed class ClassifyBatchTests : IDisposable
{
    private readonly GatedService _service = new();
    private readonly HttpClient _http;
    private readonly SaccadeClient _client;

    public ClassifyBatchTests()
    {
        _http = new HttpClient(_service) { BaseAddress = new("http://service.example/") };
        _client = new(_http);
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
        _service.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_LaterImageIsAnsweredFirst_ComesInOrderOrAtOnce(bool inOrder)
    {
        var batch = new BatchOptions { MaxConcurrency = 3, InOrder = inOrder };
        await using var results = _client.ClassifyBatchAsync(Images(3), batch: batch).GetAsyncEnumerator();

        var first = results.MoveNextAsync().AsTask();
        await _service.UnderWayAsync(3);
        _service.Answer(2);
        if (inOrder)
        {
            Assert.False(first.IsCompleted);
            _service.Answer(0);
        }

        Assert.True(await first.Guarded());
        Assert.Equal(inOrder ? 0 : 2, results.Current.Index);
        Assert.Equal("red", results.Current.Answer!.Best.Label);
    }

    [Fact]
    public async Task Batch_ManyImages_KeepsAsManyUnderWayAsAllowed()
    {
        var taken = 0;
        var images = Images(10)
            .Select(image =>
            {
                taken++;
                return image;
            });
        await using var results = _client
            .ClassifyBatchAsync(images, batch: new() { MaxConcurrency = 4, InOrder = false })
            .GetAsyncEnumerator();

        var indices = new List<int>();
        for (var answered = 0; answered < 10; answered++)
        {
            var next = results.MoveNextAsync().AsTask();
            await _service.UnderWayAsync(Math.Min(4, 10 - answered));
            Assert.Equal(Math.Min(10, answered + 4), taken);
            _service.Answer(answered);
            Assert.True(await next.Guarded());
            indices.Add(results.Current.Index);
        }

        Assert.False(await results.MoveNextAsync());
        Assert.Equal(Enumerable.Range(0, 10), indices);
    }

    [Fact]
    public async Task Batch_ImagesThatFail_AreResultsBesideTheOthers()
    {
        ImageSource[] images = [.. Images(1), ImageSource.FromFile("/nowhere.png"), .. Images(3).Skip(2)];
        _service.Answer(0);
        _service.Refuse(2);

        var results = new List<BatchResult>();
        await foreach (var result in _client.ClassifyBatchAsync(images))
            results.Add(result);

        Assert.Equal([0, 1, 2], results.Select(result => result.Index));
        Assert.Equal("red", results[0].Answer!.Best.Label);
        Assert.IsType<FileNotFoundException>(results[1].Failure);
        Assert.Equal("/nowhere.png", results[1].Image.Name);
        Assert.Equal("invalid-image", Assert.IsType<SaccadeException>(results[2].Failure).Code);
        Assert.Null(results[2].Answer);
    }

    [Fact]
    public async Task Batch_CallerStopsEnumerating_CancelsWhatIsUnderWay()
    {
        _service.Answer(0);
        await foreach (var result in _client.ClassifyBatchAsync(Images(100), batch: new() { MaxConcurrency = 5 }))
        {
            Assert.Equal(0, result.Index);
            break;
        }

        Assert.Equal(0, _service.UnderWay);
        Assert.InRange(_service.Arrived, 1, 5);
    }

    [Fact]
    public async Task Batch_Cancelled_EndsTheEnumeration()
    {
        using var stop = new CancellationTokenSource();
        await using var results = _client.ClassifyBatchAsync(Images(3), cancellationToken: stop.Token).GetAsyncEnumerator();

        var next = results.MoveNextAsync().AsTask();
        await _service.UnderWayAsync(3);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Guarded());
        Assert.Equal(0, _service.UnderWay);
    }

    [Fact]
    public async Task Batch_NoImages_IsEmpty()
    {
        await foreach (var _ in _client.ClassifyBatchAsync([]))
            Assert.Fail("There is no image.");
    }

    [Fact]
    public void BatchOptions_NoImageAtATime_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOptions { MaxConcurrency = 0 });

    private static IEnumerable<ImageSource> Images(int count) =>
        Enumerable.Range(0, count).Select(number => ImageSource.FromBytes(new[] { (byte)number }));

    /// <summary>Answers each image when the test says so.</summary>
    private sealed class GatedService : HttpMessageHandler
    {
        private readonly TaskCompletionSource<HttpResponseMessage>[] _answers =
        [
            .. Enumerable.Range(0, 100).Select(_ => new TaskCompletionSource<HttpResponseMessage>()),
        ];
        private int _underWay;
        private int _arrived;

        public int UnderWay => Volatile.Read(ref _underWay);

        public int Arrived => Volatile.Read(ref _arrived);

        public Task UnderWayAsync(int requests) => TestTimeouts.UntilAsync(() => UnderWay == requests);

        public void Answer(int number) => _answers[number].TrySetResult(Ok(CancellationToken.None).Result);

        public void Refuse(int number) =>
            _answers[number]
                .TrySetResult(ScriptedService.Refuse(HttpStatusCode.UnprocessableEntity, "invalid-image")(CancellationToken.None).Result);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _arrived);
            Interlocked.Increment(ref _underWay);
            try
            {
                var number = (await request.Content!.ReadAsByteArrayAsync(cancellationToken))[0];
                return await _answers[number].Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
    }
}
