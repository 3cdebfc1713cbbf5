using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Saccade.Api.Bodies;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary><c>POST /v2/models/{name}[/versions/{version}]/infer</c>: rows of a tensor in, rows of the network's output out.</summary>
internal static class OipInferEndpoint
{
    public static async Task<IResult> HandleAsync(
        string name,
        string? version,
        HttpContext context,
        ModelCatalog catalog,
        ImageBodyReader bodies,
        OipInference inference,
        IOptions<LimitsOptions> limits,
        RequestDeadline deadlines
    )
    {
        // 1. The model, to know how its tensors look.
        var status = OipModelEndpoint.Find(name, version, catalog);
        if (!OipModelEndpoint.TakesRequests(status))
            return new RefusalResult(OipModelEndpoint.NotServed(name, version, status));
        var query = new QueryReader(context.Request.Query);
        var longest = (int)limits.Value.MaxDeadline.TotalMilliseconds;
        var asked = query.Integer(ImageParameters.DeadlineHeader, context.Request.Headers[ImageParameters.DeadlineHeader], 1, longest);
        if (query.Errors.Count > 0)
            return new RefusalResult(Refusal.Parameters(query.Errors));
        if (ContentCoding.Refused(context.Request) is { } coding)
            return new RefusalResult(coding);

        // 2. The body, if it arrives before the deadline.
        var wait = asked is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null;
        using var deadline = deadlines.Start(wait);
        using var body = await bodies.ReadAsync(BodyForm.Raw, context, new(limits.Value.MaxBatchBodyBytes, MaxImages: 1), deadline.Token);
        if (body.Refusal is { } refusal)
            return new RefusalResult(refusal);

        // 3. What it asks for, the answer, and the answer as it was asked for.
        try
        {
            var headerLength = context.Request.Headers[InferRequestReader.LengthHeader];
            var request = InferRequestReader.Read(
                body.Images[0].Bytes.Memory,
                headerLength.Count == 0 ? null : headerLength.ToString(),
                status.Layout
            );
            var progress = RequestProgress.Of(context);
            var (answer, refused) = await inference.AskAsync(
                name,
                version,
                request,
                progress.ArrivedAt,
                inference.Wait(request) ?? wait,
                context.RequestAborted
            );
            progress.Timings = answer?.Timings;
            return answer is null
                ? new RefusalResult(refused!)
                : Answer(context.Response, InferResponseWriter.Write(request, answer, out var jsonLength), jsonLength);
        }
        catch (Exception e) when (OipInference.Explain(e, context, context.RequestAborted) is { } reason)
        {
            return new RefusalResult(reason);
        }
    }

    private static FileContentHttpResult Answer(HttpResponse response, ReadOnlyMemory<byte> body, int? jsonLength)
    {
        if (jsonLength is { } length)
            response.Headers[InferRequestReader.LengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Bytes(body, jsonLength is null ? "application/json" : "application/octet-stream");
    }
}
