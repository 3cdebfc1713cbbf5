using System.Net;
using System.Text.Json;

namespace Saccade.Client;

/// <summary>The service, or something before it, refused a request. The message says what was wrong with it.</summary>
public sealed class SaccadeException : Exception
{
    private const string ProblemType = "application/problem+json";

    internal SaccadeException(string message, HttpStatusCode status, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The stable code to branch on, such as <c>queue-full</c> or <c>invalid-image</c>; null if it was not the service that
    /// answered but, say, a balancer.</summary>
    public string? Code { get; private init; }

    /// <summary>Names the request in the service's log and traces; null if the service did not see it.</summary>
    public string? RequestId { get; private init; }

    /// <summary>When trying again makes sense, from the moment of the answer; null if it does not, or if nobody knows. The client's own
    /// retries are over by now.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What is wrong with each bad parameter, by name; empty unless parameters are the problem.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private init; } = new Dictionary<string, string>();

    /// <summary>Whether the response is a problem document.</summary>
    internal static bool IsProblem(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType == ProblemType;

    /// <summary>What a response without success means.</summary>
    internal static async Task<SaccadeException> OfAsync(HttpResponseMessage response, TimeProvider time, CancellationToken stop)
    {
        var problem = IsProblem(response) ? await ReadAsync(response, stop).ConfigureAwait(false) : new();
        var message =
            problem.Detail ?? problem.Title ?? $"The request was answered with {(int)response.StatusCode} {response.ReasonPhrase}.";
        return new SaccadeException(message, response.StatusCode)
        {
            Code = problem.Code,
            RequestId = problem.RequestId,
            RetryAfter = Client.RetryAfter.Of(response, time),
            Errors = problem.Errors ?? new Dictionary<string, string>(),
        };
    }

    // A document that does not parse is as good as none: the status remains.
    private static async Task<Problem> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, ClientJson.Default.Problem, stop).ConfigureAwait(false) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }
}
