using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Saccade.Api.Errors;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Requests;
using Saccade.Api.Tests.Support;
using Saccade.Inference;

namespace Saccade.Api.Tests.Errors;

[Collection(SharedServiceTests.Name)]
public sealed class FailureResponsesTests(SharedService shared)
{
    // The contract, written down a second time on purpose: clients branch on these codes.
    private static readonly Dictionary<string, (int Status, StatusCode Rpc, string Code, LogLevel Level, int? RetryAfter)> Contract = new()
    {
        ["UnknownModel"] = (404, StatusCode.NotFound, "unknown-model", LogLevel.Information, null),
        ["UnsupportedCrops"] = (400, StatusCode.InvalidArgument, "unsupported-crops", LogLevel.Information, null),
        ["NoFeatures"] = (400, StatusCode.InvalidArgument, "no-features", LogLevel.Information, null),
        ["UnsupportedImage"] = (415, StatusCode.InvalidArgument, "unsupported-image", LogLevel.Information, null),
        ["ImageTooLarge"] = (413, StatusCode.InvalidArgument, "image-too-large", LogLevel.Information, null),
        ["OutOfMemory"] = (503, StatusCode.Unavailable, "out-of-memory", LogLevel.Warning, 1),
        ["InvalidImage"] = (422, StatusCode.InvalidArgument, "invalid-image", LogLevel.Information, null),
        ["QueueFull"] = (429, StatusCode.ResourceExhausted, "queue-full", LogLevel.Debug, 1),
        ["DeadlineUnreachable"] = (429, StatusCode.ResourceExhausted, "deadline-unreachable", LogLevel.Debug, 1),
        ["NotReady"] = (503, StatusCode.Unavailable, "not-ready", LogLevel.Warning, 5),
        ["ModelBroken"] = (503, StatusCode.FailedPrecondition, "model-broken", LogLevel.Warning, null),
        ["ShuttingDown"] = (503, StatusCode.Unavailable, "shutting-down", LogLevel.Information, 5),
        ["DeadlineExceeded"] = (504, StatusCode.DeadlineExceeded, "deadline-exceeded", LogLevel.Information, null),
        ["ModelFailed"] = (503, StatusCode.Unavailable, "model-failed", LogLevel.Error, 1),
        ["InvalidParameter"] = (400, StatusCode.InvalidArgument, "invalid-parameter", LogLevel.Information, null),
        ["MissingImage"] = (400, StatusCode.InvalidArgument, "missing-image", LogLevel.Information, null),
        ["SeveralImages"] = (400, StatusCode.InvalidArgument, "several-images", LogLevel.Information, null),
        ["TooManyImages"] = (413, StatusCode.ResourceExhausted, "too-many-images", LogLevel.Information, null),
        ["MalformedBody"] = (400, StatusCode.InvalidArgument, "malformed-body", LogLevel.Information, null),
        ["BodyTooLarge"] = (413, StatusCode.ResourceExhausted, "body-too-large", LogLevel.Information, null),
        ["TargetTooLong"] = (414, StatusCode.ResourceExhausted, "uri-too-long", LogLevel.Information, null),
        ["HeadersTooLarge"] = (431, StatusCode.ResourceExhausted, "headers-too-large", LogLevel.Information, null),
        ["UnsupportedMediaType"] = (415, StatusCode.Unimplemented, "unsupported-media-type", LogLevel.Information, null),
        ["BodyTooSlow"] = (408, StatusCode.DeadlineExceeded, "body-too-slow", LogLevel.Information, null),
        ["TooManyRequests"] = (429, StatusCode.ResourceExhausted, "too-many-requests", LogLevel.Debug, 1),
        ["RateLimited"] = (429, StatusCode.ResourceExhausted, "rate-limited", LogLevel.Debug, 1),
        ["KeyRequired"] = (401, StatusCode.Unauthenticated, "api-key-required", LogLevel.Information, null),
        ["KeyNotAllowed"] = (403, StatusCode.PermissionDenied, "key-not-allowed", LogLevel.Warning, null),
        ["AdminKeyRequired"] = (401, StatusCode.Unauthenticated, "admin-key-required", LogLevel.Warning, null),
        ["AdminNotAllowed"] = (403, StatusCode.PermissionDenied, "admin-not-allowed", LogLevel.Warning, null),
        ["InvalidTensor"] = (400, StatusCode.InvalidArgument, "invalid-tensor", LogLevel.Information, null),
        ["BundleRefused"] = (422, StatusCode.FailedPrecondition, "bundle-refused", LogLevel.Warning, null),
        ["RouteNotFound"] = (404, StatusCode.Unimplemented, "route-not-found", LogLevel.Information, null),
        ["MethodNotAllowed"] = (405, StatusCode.Unimplemented, "method-not-allowed", LogLevel.Information, null),
        ["ClientClosedRequest"] = (499, StatusCode.Cancelled, "client-closed-request", LogLevel.Debug, null),
        ["Unhandled"] = (500, StatusCode.Internal, "internal-error", LogLevel.Error, null),
    };

    private static readonly string[] Names = [.. Enum.GetNames<ClassifyFailure>(), .. Enum.GetNames<ApiFailure>()];

    public static TheoryData<string> Failures => [.. Names];

    [Fact]
    public void Contract_HasARowForEveryFailure() => Assert.Equal(Contract.Keys.Order(), Names.Order());

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Write_EveryFailure_AnswersLogsAndCountsAsTheContractSays(string failure)
    {
        var expected = Contract[failure];
        var refusal = Enum.TryParse<ClassifyFailure>(failure, out var engine)
            ? Refusal.Of(engine, "detail")
            : Refusal.Of(Enum.Parse<ApiFailure>(failure), "detail");
        Assert.Equal(expected.Rpc, RpcFailureFormat.StatusOf(refusal.Response));
        using var refusals = new CounterProbe(shared.Service, "saccade.http.refusals");
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Features.Set(new RequestProgress($"writes-{failure}", arrivedAt: 0));

        await shared.Service.Services.GetRequiredService<FailureWriter>().WriteAsync(context, refusal).Guarded();

        Assert.Equal(expected.Status, context.Response.StatusCode);
        Assert.Equal(expected.RetryAfter?.ToString() ?? "", context.Response.Headers.RetryAfter.ToString());
        Assert.Equal(1, refusals.Sum("code", expected.Code));
        var line = Assert.Single(
            shared.Service.Logs.Entries,
            entry => entry.Message.EndsWith($"request writes-{failure}", StringComparison.Ordinal)
        );
        Assert.Equal(expected.Level, line.Level);
        Assert.Contains($"{expected.Status} {expected.Code}", line.Message, StringComparison.Ordinal);

        context.Response.Body.Position = 0;
        if (expected.Status == 499)
        {
            Assert.Equal(0, context.Response.Body.Length);
            return;
        }

        using var problem = await JsonDocument.ParseAsync(context.Response.Body);
        Assert.Equal(expected.Code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal($"urn:saccade:problem:{expected.Code}", problem.RootElement.GetProperty("type").GetString());
        Assert.Matches("^[a-z]+(-[a-z]+)*$", expected.Code);
    }

    [Fact]
    public void Codes_AndTitles_AreUnlikeEachOtherExceptForOverload()
    {
        FailureResponse[] rows =
        [
            .. Enum.GetValues<ClassifyFailure>().Select(FailureResponses.For),
            .. Enum.GetValues<ApiFailure>().Select(FailureResponses.For),
        ];
        Assert.Equal(rows.Length, rows.Select(row => row.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(rows.Length - 1, rows.Select(row => row.Title).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(999, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(60_000, 60)]
    public void RetryAfterSeconds_AreRoundedUpAndAtLeastOne(int milliseconds, int seconds) =>
        Assert.Equal(seconds, Refusal.Of(ClassifyFailure.QueueFull, "", TimeSpan.FromMilliseconds(milliseconds)).RetryAfterSeconds);
}
