using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Saccade.Api.Bodies;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Requests;
using Saccade.Inference.Execution;
using Saccade.Inference.Models;
using Saccade.Inference.Tensors;

namespace Saccade.Api.OpenInference;

/// <summary><c>POST /v2/models/{name}[/versions/{version}]/infer</c>: rows of a tensor in, rows of the network's output out.</summary>
internal static class OipInferEndpoint
{
    private const string Priority = "priority";
    private const string Timeout = "timeout";
    private const int MicrosecondsPerMillisecond = 1000;

    public static async Task<IResult> HandleAsync(
        string name,
        string? version,
        HttpContext context,
        ModelCatalog catalog,
        TensorPipeline pipeline,
        IOptions<LimitsOptions> limits,
        RequestDeadline deadlines)
    {
        // 1. The model, to know how its tensors look.
        var status = OipModelEndpoint.Find(name, version, catalog);
        if (status?.Layout is not { } layout)
            return new RefusalResult(OipModelEndpoint.NotServed(name, version, status));
        var query = new QueryReader(context.Request.Query);
        var longest = (int)limits.Value.MaxDeadline.TotalMilliseconds;
        var asked = query.Integer(ClassifyParameters.DeadlineHeader, context.Request.Headers[ClassifyParameters.DeadlineHeader], 1, longest);
        if (query.Errors.Count > 0)
            return new RefusalResult(Refusal.Parameters(query.Errors));
        if (context.Request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
            return new RefusalResult(Refusal.Of(ApiFailure.UnsupportedMediaType, $"Content-Encoding {encoding} is not read here."));

        // 2. The body, if it arrives before the deadline.
        var wait = asked is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null;
        using var deadline = deadlines.Start(wait);
        using var body = await ImageBodyReader.ReadAsync(BodyForm.Raw, context, new(limits.Value.MaxBatchBodyBytes, MaxImages: 1), deadline.Token);
        if (body.Refusal is { } refusal)
            return new RefusalResult(refusal);

        // 3. What it asks for, the answer, and the answer as it was asked for.
        try
        {
            var headerLength = context.Request.Headers[InferRequestReader.LengthHeader];
            var request = InferRequestReader.Read(body.Images[0].Bytes.Memory, headerLength.Count == 0 ? null : headerLength.ToString(), layout);
            return await InferAsync(new(name, version, request, layout), context, pipeline, limits.Value, wait);
        }
        catch (InvalidDataException wrong)
        {
            return new RefusalResult(Refusal.Of(ApiFailure.InvalidTensor, wrong.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return new RefusalResult(Refusal.Of(ApiFailure.ClientClosedRequest, "The client hung up before the answer was ready."));
        }
    }

    private static async Task<IResult> InferAsync(Question question, HttpContext context, TensorPipeline pipeline, LimitsOptions limits, TimeSpan? wait)
    {
        var progress = RequestProgress.Of(context);
        var (name, version, request, _) = question;
        var outcome = await pipeline.InferAsync(
            new TensorRequest
            {
                InputName = request.Input.Name,
                InputType = request.Input.Type,
                Shape = request.Input.Shape,
                Data = request.Input.Data,
                Model = name,
                Version = version,
                ArrivedAt = progress.ArrivedAt,
                Deadline = Deadline(request.Parameters, limits) ?? wait,
                Priority = Urgency(request.Parameters),
            },
            context.RequestAborted);
        switch (outcome)
        {
            case TensorAnswer answer:
                progress.Timings = answer.Timings;
                return Answer(context.Response, InferResponseWriter.Write(request, answer, out var jsonLength), jsonLength);
            case TensorRefusal { Refusal: var refusal }:
                progress.Timings = refusal.Timings;
                return new RefusalResult(Refusal.Of(refusal));
            case TensorMismatch { Detail: var detail }:
                return new RefusalResult(Refusal.Of(ApiFailure.InvalidTensor, detail));
            default:
                throw new InvalidOperationException($"The engine returned a {outcome.GetType().Name}.");
        }
    }

    private static FileContentHttpResult Answer(HttpResponse response, ReadOnlyMemory<byte> body, int? jsonLength)
    {
        if (jsonLength is { } length)
            response.Headers[InferRequestReader.LengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Bytes(body, jsonLength is null ? "application/json" : "application/octet-stream");
    }

    private static TimeSpan? Deadline(InferParameters parameters, LimitsOptions limits) =>
        parameters.Integer(Timeout, 0, (long)limits.MaxDeadline.TotalMilliseconds * MicrosecondsPerMillisecond) is { } microseconds and > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    // The protocol's 0 is the default and its 1 the most urgent; here larger is more urgent.
    private static int Urgency(InferParameters parameters) => parameters.Integer(Priority, 0, int.MaxValue) switch
    {
        null or 0 => 0,
        { } level => (int)Math.Max(-ClassifyParameters.MaxPriority, ClassifyParameters.MaxPriority + 1 - level),
    };

    private sealed record Question(string Name, string? Version, InferRequest Request, TensorLayout Layout);
}
