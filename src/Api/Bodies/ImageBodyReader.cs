using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference;

namespace Saccade.Api.Bodies;

/// <summary>
/// Reads the images of a request in whichever form they come, and takes a place among the requests at once when they are there. What is
/// wrong with a body is a value, not an exception.
/// </summary>
internal sealed class ImageBodyReader(BodyBudget budget, RequestPlaces places)
{
    /// <summary>Reads the body to its end, or to the first thing that is wrong with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bounds">How much to accept.</param>
    /// <param name="deadline">Cancelled when the request's time is up.</param>
    public Task<ReceivedBody> ReadAsync(HttpContext context, BodyBounds bounds, CancellationToken deadline)
    {
        if (context.Request.ContentLength > bounds.MaxBytes)
            return Task.FromResult(TooLarge(bounds));
        return BodyForms.Of(context.Request, bounds, out var refusal) is { } form
            ? ReadAsync(form, context, bounds, deadline)
            : Task.FromResult(ReceivedBody.Refused(refusal!));
    }

    /// <summary>The same for a body whose form is known: what is wrong is told the same way.</summary>
    public async Task<ReceivedBody> ReadAsync(BodyForm form, HttpContext context, BodyBounds bounds, CancellationToken deadline)
    {
        var request = context.Request;
        if (request.ContentLength > bounds.MaxBytes)
            return TooLarge(bounds);

        // LimitedBody keeps the limit from here on. The server's own is one for all routes, and it counts the framing of chunks too.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = null;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline);
        var memory = budget.Open();
        await using var body = new LimitedBody(request.BodyReader, bounds.MaxBytes, memory);
        ReceivedBody? received = null;
        try
        {
            received = await ReadFormAsync(form, request, body, bounds.MaxImages, stop.Token);
            if (received.Refusal is not null)
                return received;
            if (places.TryTake() is not { } place)
                return ReceivedBody.Refused(places.Refused());
            received.Held = [memory, place];
            return received;
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || IsEndOfConnection(e))
        {
            return ReceivedBody.Refused(ApiFailure.ClientClosedRequest, "The client hung up while it sent the body.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return ReceivedBody.Refused(Refusal.Of(ClassifyFailure.DeadlineExceeded, "The deadline passed while the body was arriving."));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(bounds);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status429TooManyRequests)
        {
            return ReceivedBody.Refused(budget.Refused());
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return ReceivedBody.Refused(ApiFailure.BodyTooSlow, e.Message);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // The framework's own words: an unexpected end, a part with too many headers, a line without an end.
            return ReceivedBody.Refused(ApiFailure.MalformedBody, e.Message);
        }
        finally
        {
            if (received is not { Held.Count: > 0 })
            {
                received?.Dispose();
                memory.Dispose();
            }
        }
    }

    private static Task<ReceivedBody> ReadFormAsync(
        BodyForm form,
        HttpRequest request,
        LimitedBody body,
        int maxImages,
        CancellationToken cancellationToken
    ) =>
        form switch
        {
            BodyForm.Multipart => MultipartImages.ReadAsync(request.ContentType!, body, maxImages, cancellationToken),
            BodyForm.Json => JsonImage.ReadAsync(body, request.ContentLength, cancellationToken),
            _ => RawImage.ReadAsync(body, request.ContentLength, cancellationToken),
        };

    // The end of the connection is often met here before the server tells through RequestAborted. It has no type of its own.
    private static bool IsEndOfConnection(Exception exception) =>
        exception is ConnectionResetException or BadHttpRequestException { Message: "Unexpected end of request content." };

    private static ReceivedBody TooLarge(BodyBounds bounds) =>
        ReceivedBody.Refused(ApiFailure.BodyTooLarge, $"The body may have at most {bounds.MaxBytes} bytes.");
}
