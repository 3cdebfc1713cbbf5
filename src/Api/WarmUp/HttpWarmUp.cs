using System.Globalization;
using System.Runtime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Saccade.Api.Endpoints;
using Saccade.Api.Requests;
using Saccade.Inference.Classification;
using Saccade.Inference.Models;

namespace Saccade.Api.WarmUp;

/// <summary>
/// Sends requests through the whole HTTP side before the service is ready, in the forms that clients use, and one that is refused, until
/// the runtime has compiled what they run: that takes longer than classifying an image, and goes on beside the first few hundred requests.
/// </summary>
internal sealed class HttpWarmUp(
    RequestPipeline pipeline,
    ModelCatalog catalog,
    IHttpContextFactory contexts,
    IOptions<WarmUpOptions> options,
    TimeProvider time,
    ILogger<HttpWarmUp> logger
)
{
    private const string Boundary = "warm-up";

    private static readonly (string ContentType, byte[] Body)[] Forms =
    [
        ("image/jpeg", WarmUpImages.Jpeg.ToArray()),
        ("image/png", WarmUpImages.Png.ToArray()),
        ($"multipart/form-data; boundary={Boundary}", Multipart(WarmUpImages.Jpeg)),
        ("application/json", Json(WarmUpImages.Png)),
        // Under its first overload a service must not compile how to refuse.
        ("application/octet-stream", "no image"u8.ToArray()),
    ];

    /// <summary>Sends them, if the default model serves.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!catalog.List().Any(static model => model is { IsDefault: true, IsDefaultModel: true, State: ModelState.Ready }))
            return;

        var answer = await pipeline.Built.WaitAsync(cancellationToken);
        var rest = new CompilerRest();
        var start = time.GetTimestamp();
        var (rounds, rested) = (0, false);
        do
        {
            foreach (var (contentType, body) in Forms)
                await SendAsync(answer, contentType, body, isFirst: rounds == 0);
            rested = rest.Reached(++rounds, time.GetElapsedTime(start), JitInfo.GetCompiledMethodCount());
        } while (!rested && time.GetElapsedTime(start) < options.Value.Limit && !cancellationToken.IsCancellationRequested);
        Log.WarmUpEnded(logger, rounds * Forms.Length, time.GetElapsedTime(start), rested);
    }

    private async Task SendAsync(RequestDelegate answer, string contentType, byte[] body, bool isFirst)
    {
        using var written = new MemoryStream();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(
            new HttpRequestFeature
            {
                Protocol = HttpProtocol.Http11,
                Scheme = Uri.UriSchemeHttp,
                Method = HttpMethods.Post,
                Path = ClassifyEndpoint.Route,
                Headers = new HeaderDictionary { [HeaderNames.ContentType] = contentType, ContentLength = body.Length },
                Body = new MemoryStream(body),
            }
        );
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        features.Set(new WarmUpMark());
        var context = contexts.Create(features);
        try
        {
            await answer(context);
            if (isFirst)
                Log.WarmedUp(logger, contentType, context.Response.StatusCode, written.Length);
        }
        finally
        {
            contexts.Dispose(context);
        }
    }

    private static byte[] Multipart(ReadOnlyMemory<byte> image) =>
        [
            .. "--warm-up\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"u8,
            .. image.Span,
            .. "\r\n--warm-up--\r\n"u8,
        ];

    private static byte[] Json(ReadOnlyMemory<byte> image) =>
        System.Text.Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{{\"image\":\"{Convert.ToBase64String(image.Span)}\"}}")
        );
}
