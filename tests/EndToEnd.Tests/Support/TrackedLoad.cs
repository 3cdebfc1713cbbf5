using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>Clients that keep sending, with the fate of every request on record.</summary>
public sealed class TrackedLoad : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ConcurrentQueue<string> _lost = new();
    private readonly Uri _address;
    private readonly byte[] _body;
    private readonly bool _endAtRefusal;
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _answers;
    private readonly Task _running;
    private int _answered;
    private int _refused;

    private TrackedLoad(Uri address, byte[] body, int clients, bool endAtRefusal)
    {
        _address = address;
        _body = body;
        _endAtRefusal = endAtRefusal;
        _answers = new int[clients];
        _running = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => SendAsync(client))));
    }

    /// <summary>Requests answered with labels.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Requests refused before the service took them: 503, or no connection.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Every request that met anything else, in words.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <summary>Starts the clients.</summary>
    /// <param name="service">Its root address.</param>
    /// <param name="body">An image.</param>
    /// <param name="clients">Requests under way at any time.</param>
    /// <param name="endAtRefusal">A refused client leaves, as a load balancer does; otherwise it goes on.</param>
    public static TrackedLoad Start(Uri service, byte[] body, int clients, bool endAtRefusal) =>
        new(new Uri(service, "/classify"), body, clients, endAtRefusal);

    /// <summary>Waits until so many more requests were answered.</summary>
    public Task AnswersAsync(int more)
    {
        var goal = Answered + more;
        return Bench.Processes.Eventually.TrueAsync(
            () => Task.FromResult(Answered >= goal),
            TimeSpan.FromMinutes(1),
            () => $"{Answered} answered, lost: {string.Join("; ", Lost)}"
        );
    }

    /// <summary>Waits until no request is under way that is under way now, and every client has been answered since.</summary>
    public Task EveryClientAnsweredAsync()
    {
        // The next answer may be to a request that is under way now.
        var goals = Array.ConvertAll(_answers, static answers => answers + 2);
        return Bench.Processes.Eventually.TrueAsync(
            () => Task.FromResult(!_answers.Where((_, client) => Volatile.Read(ref _answers[client]) < goals[client]).Any()),
            TimeSpan.FromMinutes(1),
            () => $"answers: {string.Join(", ", _answers)}, wanted: {string.Join(", ", goals)}, lost: {string.Join("; ", Lost)}"
        );
    }

    /// <summary>Lets the requests under way finish and sends no more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Waits until every client left by itself.</summary>
    public Task AllLeftAsync() => _running.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(int client)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (await SendOneAsync())
                Interlocked.Increment(ref _answers[client]);
            else if (_endAtRefusal)
                return;
        }
    }

    private async Task<bool> SendOneAsync()
    {
        try
        {
            using var content = new ByteArrayContent(_body);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using var answer = await _client.PostAsync(_address, content);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    Interlocked.Increment(ref _answered);
                    return true;
                case HttpStatusCode.ServiceUnavailable:
                    Interlocked.Increment(ref _refused);
                    return false;
                default:
                    _lost.Enqueue($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    return false;
            }
        }
        catch (HttpRequestException failure)
            when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            Interlocked.Increment(ref _refused);
            return false;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            _lost.Enqueue(failure.ToString());
            return false;
        }
    }
}
