using System.Globalization;
using Google.Protobuf.Collections;
using Grpc.Core;
using Saccade.Api.Endpoints;
using Saccade.Api.Errors;
using Saccade.Api.Requests;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>The protocol's calls over gRPC. Each says what its route says over REST.</summary>
internal sealed class InferenceService(ModelCatalog catalog, ModelControl control, RpcInference inference, RpcInferStream stream)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    private const string Version = "version";

    /// <inheritdoc/>
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var progress = RequestProgress.Of(http);
        var (message, answer, refusal) = await inference.AnswerAsync(
            request,
            progress.ArrivedAt,
            inference.DeadlineOf(http),
            http.RequestAborted
        );
        progress.Timings = answer?.Timings;
        return message ?? throw RpcFailure.Of(refusal!, http);
    }

    /// <inheritdoc/>
    public override Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream,
        IServerStreamWriter<ModelStreamInferResponse> responseStream,
        ServerCallContext context
    ) => stream.RunAsync(requestStream, responseStream, context.GetHttpContext(), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    /// <inheritdoc/>
    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = catalog.NotReadyReason is null });

    /// <inheritdoc/>
    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context)
    {
        var server = OipServerEndpoint.Server;
        return Task.FromResult(
            new ServerMetadataResponse
            {
                Name = server.Name,
                Version = server.Version,
                Extensions = { server.Extensions },
            }
        );
    }

    /// <inheritdoc/>
    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        Task.FromResult(
            new ModelReadyResponse
            {
                Ready = OipModelEndpoint.IsServed(OipModelEndpoint.Find(request.Name, Given(request.Version), catalog)),
            }
        );

    /// <inheritdoc/>
    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var version = Given(request.Version);
        var status = OipModelEndpoint.Find(request.Name, version, catalog);
        return OipModelEndpoint.IsServed(status)
            ? Task.FromResult(RpcAnswers.Metadata(OipModelEndpoint.Description(status, catalog)))
            : throw RpcFailure.Of(OipModelEndpoint.NotServed(request.Name, version, status), context.GetHttpContext());
    }

    /// <inheritdoc/>
    public override Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        var (name, version) = (Given(request.Name), Given(request.Version));
        var found = OipStatisticsEndpoint.Find(name, version, catalog);
        return found.Count > 0 || name is null
            ? Task.FromResult(RpcAnswers.Statistics(found))
            : throw RpcFailure.Of(OipModelEndpoint.NotServed(name, version, status: null), context.GetHttpContext());
    }

    /// <inheritdoc/>
    public override Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context) =>
        Task.FromResult(RpcAnswers.Index(OipRepositoryEndpoint.Entries(catalog.List()), onlyReady: request.Ready));

    /// <inheritdoc/>
    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request,
        ServerCallContext context
    )
    {
        Expect(await control.LoadAsync(request.ModelName, VersionOf(request.Parameters, context)), context);
        return new();
    }

    /// <inheritdoc/>
    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request,
        ServerCallContext context
    )
    {
        Expect(await control.UnloadAsync(request.ModelName, VersionOf(request.Parameters, context)), context);
        return new();
    }

    private static void Expect(ControlResult result, ServerCallContext context)
    {
        if (ModelControlEndpoint.Refused(result) is { } refusal)
            throw RpcFailure.Of(refusal, context.GetHttpContext());
    }

    // What is not given is empty in this protocol's messages.
    private static string? Given(string text) => text.Length == 0 ? null : text;

    // A version of another kind must not be passed over: without one all versions are unloaded.
    private static string? VersionOf(MapField<string, ModelRepositoryParameter> parameters, ServerCallContext context) =>
        (parameters.TryGetValue(Version, out var given) ? given : null) switch
        {
            null or { ParameterChoiceCase: ModelRepositoryParameter.ParameterChoiceOneofCase.None } => null,
            { HasStringParam: true } value => Given(value.StringParam),
            { HasInt64Param: true } value => value.Int64Param.ToString(CultureInfo.InvariantCulture),
            _ => throw RpcFailure.Of(
                Refusal.Of(ApiFailure.InvalidParameter, $"{Version} must be a text or a whole number."),
                context.GetHttpContext()
            ),
        };
}
