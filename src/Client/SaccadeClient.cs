using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Saccade.Client;

/// <summary>Asks a Saccade service. Keep one for the life of the program: it is thread-safe and pools its connections.</summary>
/// <remarks>
/// Every call ends in one of five ways: the answer; <see cref="SaccadeException"/> if it was refused; <see cref="TimeoutException"/> if no
/// answer came in time; <see cref="HttpRequestException"/> if the service cannot be reached; <see cref="OperationCanceledException"/> if
/// the caller cancelled. An image that cannot be read throws what opening its file or reading its stream throws.
/// </remarks>
public sealed class SaccadeClient : IDisposable
{
    // For the service's own word that the deadline has passed, which has a code and a request id.
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly bool _ownsHttp;

    /// <summary>A client with connections of its own and the retries of <paramref name="options"/>.</summary>
    /// <exception cref="ArgumentException">An option has no usable value; the message names each.</exception>
    public SaccadeClient(SaccadeClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.Join(' ', options.Mistakes()) is { Length: > 0 } mistakes)
            throw new ArgumentException(mistakes, nameof(options));
        (_timeout, _time, _ownsHttp) = (options.Timeout, TimeProvider.System, true);
        _http = HttpSetup.Create(options, _time);
    }

    /// <summary>A client that sends by <paramref name="http"/>, whose handlers decide about retries.</summary>
    /// <param name="http">Has the service's address as its <see cref="HttpClient.BaseAddress"/>, with a slash at its end. Its own
    /// <see cref="HttpClient.Timeout"/> holds too. Not disposed here.</param>
    /// <param name="options">The time limit. Address, key and retries are the business of <paramref name="http"/>.</param>
    /// <param name="time">Measures deadlines; null means the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="http"/> has no address.</exception>
    public SaccadeClient(HttpClient http, SaccadeClientOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null)
            throw new ArgumentException($"{nameof(HttpClient.BaseAddress)} is not set.", nameof(http));
        (_http, _timeout, _time) = (http, (options ?? new()).Timeout, time ?? TimeProvider.System);
    }

    /// <summary>Classifies an image.</summary>
    /// <param name="image">A JPEG, PNG or WebP: bytes, a stream or <see cref="ImageSource.FromFile"/>. It is streamed as it is, the body
    /// of the request.</param>
    /// <param name="options">Which model, how many crops, until when.</param>
    /// <param name="cancellationToken">Ends the call; the service then drops the image.</param>
    public Task<Classification> ClassifyAsync(
        ImageSource image,
        ClassifyOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= new();
        return SendAsync($"classify/raw{options.ToQuery()}", image, options.Deadline, ClientJson.Default.Classification, cancellationToken);
    }

    /// <summary>Turns an image into the vector that the model's classifier sees.</summary>
    /// <inheritdoc cref="ClassifyAsync" path="/param"/>
    public Task<Embedding> EmbedAsync(ImageSource image, EmbedOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= new();
        return SendAsync($"embed{options.ToQuery()}", image, options.Deadline, ClientJson.Default.Embedding, cancellationToken);
    }

    /// <summary>What the service serves, and what a request may ask for.</summary>
    public Task<ModelList> ModelsAsync(CancellationToken cancellationToken = default) =>
        SendAsync("models", image: null, deadline: null, ClientJson.Default.ModelList, cancellationToken);

    /// <summary>
    /// Classifies any number of images, some at a time. Each is a request of its own, retried by itself, so that none waits for another's
    /// upload or shares its failure; the service forms its batches across requests.
    /// </summary>
    /// <param name="images">Enumerated as places become free.</param>
    /// <param name="options">The same for every image; the deadline is counted from the moment that an image is sent.</param>
    /// <param name="batch">How many at a time, and the order of the results.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>One result for each image: the answer, or why there is none. Who stops enumerating cancels what is under way.</returns>
    public IAsyncEnumerable<BatchResult> ClassifyBatchAsync(
        IEnumerable<ImageSource> images,
        ClassifyOptions? options = null,
        BatchOptions? batch = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(images);
        return EnumerateAsync(images, options, batch ?? new(), cancellationToken);
    }

    /// <summary>Closes the connections, if they are the client's own. Calls under way end as if they were cancelled.</summary>
    public void Dispose()
    {
        if (_ownsHttp)
            _http.Dispose();
    }

    private async IAsyncEnumerable<BatchResult> EnumerateAsync(
        IEnumerable<ImageSource> images,
        ClassifyOptions? options,
        BatchOptions batch,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var source = images.GetEnumerator();
        var running = new List<Task<BatchResult>>(batch.MaxConcurrency);
        try
        {
            for (var index = 0; ; )
            {
                while (running.Count < batch.MaxConcurrency && source.MoveNext())
                    running.Add(ClassifyOneAsync(index++, source.Current, options, stop.Token));
                if (running.Count == 0)
                    yield break;

                var next = batch.InOrder ? running[0] : await Task.WhenAny(running).ConfigureAwait(false);
                var result = await next.ConfigureAwait(false);
                running.Remove(next);
                yield return result;
            }
        }
        finally
        {
            // The images may be the caller's streams, which nobody may read any more when the enumeration is over.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<BatchResult> ClassifyOneAsync(int index, ImageSource image, ClassifyOptions? options, CancellationToken stop)
    {
        try
        {
            return new(index, image, await ClassifyAsync(image, options, stop).ConfigureAwait(false), Failure: null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Whatever keeps one image from being answered, a file that is gone included, concerns no other.
            return new(index, image, Answer: null, failure);
        }
    }

    private async Task<T> SendAsync<T>(
        string address,
        ImageSource? image,
        TimeSpan? deadline,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        var limit = deadline + Allowance ?? _timeout;
        using var timeout = new CancellationTokenSource(limit, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = new HttpRequestMessage(image is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, UriKind.Relative));
        request.Headers.Accept.Add(new("application/json"));
        if (image is not null)
        {
            request.Content = image.OpenContent();
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        var call = new Call(_time, deadline, _timeout, request.Content);
        call.Attach(request);
        try
        {
            using var response = await _http.SendAsync(request, stop.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw await SaccadeException.OfAsync(response, _time, stop.Token).ConfigureAwait(false);
            return await ReadAsync(response, type, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (cancellationToken.IsCancellationRequested)
        {
            // With the caller's token, by which callers tell their own cancellation from others'.
            throw new TaskCanceledException(cancelled.Message, cancelled, cancellationToken);
        }
        catch (OperationCanceledException late) when (timeout.IsCancellationRequested || late.InnerException is TimeoutException)
        {
            var passed = timeout.IsCancellationRequested ? limit : _http.Timeout;
            throw new TimeoutException($"The service at {_http.BaseAddress} did not answer within {passed}.", late);
        }
        catch (HttpRequestException) when (request.Content is StreamUpload { ReadFailure: not null } upload)
        {
            upload.ReadFailure.Throw();
            throw;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken stop)
    {
        try
        {
            // Whatever character set is named: JSON is UTF-8, and what is not is nothing that the service wrote.
            var body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, type, stop).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new SaccadeException(
                $"The answer is none of a Saccade service ({response.Content.Headers.ContentType?.MediaType ?? "no content type"}).",
                response.StatusCode,
                e
            );
        }
    }
}
