using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Shutdown;
using Saccade.Api.Tests.Support;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>Everything but inference: what the server and its models are, what they have done, and changing them.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class RpcServerTests(SharedService shared) : IDisposable
{
    private const string HealthName = "grpc.health.v1.Health";

    private readonly RpcClient _client = RpcClient.Of(shared.Service);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Server_LiveReadyAndMetadata_AreAsOverRest()
    {
        Assert.True((await _client.CallAsync<ServerLiveResponse>("ServerLive", new ServerLiveRequest())).Live);
        Assert.True((await _client.CallAsync<ServerReadyResponse>("ServerReady", new ServerReadyRequest())).Ready);
        var metadata = await _client.CallAsync<ServerMetadataResponse>("ServerMetadata", new ServerMetadataRequest());
        using var rest = await shared.Service.Client().GetAsync(new Uri("/v2", UriKind.Relative)).Guarded();
        var expected = await rest.JsonAsync();
        Assert.Equal(
            (expected.GetProperty("name").GetString(), expected.GetProperty("version").GetString()),
            (metadata.Name, metadata.Version)
        );
        Assert.Equal(expected.GetProperty("extensions").EnumerateArray().Select(name => name.GetString()), metadata.Extensions);
    }

    /// <summary>Anybody may ask, so a question is short: what it may become when it is no longer compressed is a thousand times as
    /// much.</summary>
    [Fact]
    public async Task Question_LongerThanAnyNameOfAModel_IsResourceExhausted()
    {
        using var client = RpcClient.Of(shared.Service, mayFail: true);
        var question = new ModelReadyRequest { Name = new string('m', 5000) };

        await client.CallAsync<ModelReadyResponse>("ModelReady", question).RefusedAsync(StatusCode.ResourceExhausted, "body-too-large");
        var health = new HealthCheckRequest { Service = new string('m', 5000) };
        await client
            .CallAsync<HealthCheckResponse>("Check", health, service: HealthName)
            .RefusedAsync(StatusCode.ResourceExhausted, "body-too-large");
    }

    [Theory]
    [InlineData("colors", "", true)]
    [InlineData("colors", "1", true)]
    [InlineData("colors", "2", false)]
    [InlineData("nobody", "", false)]
    public async Task ModelReady_TellsWithoutARefusal(string name, string version, bool ready) =>
        Assert.Equal(
            ready,
            (await _client.CallAsync<ModelReadyResponse>("ModelReady", new ModelReadyRequest { Name = name, Version = version })).Ready
        );

    [Theory]
    [InlineData("")]
    [InlineData("inference.GRPCInferenceService")]
    [InlineData("colors")]
    public async Task Check_WhileModelsComeAndGo_TellsWhetherToSendCalls(string asked)
    {
        using var models = new TempModels().Colors("colors");
        await using var service = await Service.StartAsync(models.Settings.WithAdmin());
        using var client = RpcClient.OfAdmin(service);
        Assert.Equal(ServingStatus.Serving, await HealthAsync(client, asked));
        await client.CallAsync<RepositoryModelUnloadResponse>(
            "RepositoryModelUnload",
            new RepositoryModelUnloadRequest { ModelName = "colors" }
        );
        Assert.Equal(ServingStatus.NotServing, await HealthAsync(client, asked));
        await client.CallAsync<RepositoryModelLoadResponse>("RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "colors" });
        Assert.Equal(ServingStatus.Serving, await HealthAsync(client, asked));
    }

    [Fact]
    public async Task Check_NoSuchServiceOrModel_IsNotFound() =>
        await HealthAsync(_client, "nobody").RefusedAsync(StatusCode.NotFound, "unknown-model");

    [Fact]
    public async Task Watch_WhileModelsComeAndGoAndTheServiceStops_TellsEachChangeAndEnds()
    {
        using var models = new TempModels().Colors("colors");
        var clock = new FakeTimeProvider();
        await using var service = await Service.StartAsync(
            models.Settings.WithAdmin(),
            services => services.AddSingleton<TimeProvider>(clock)
        );
        using var client = RpcClient.OfAdmin(service);
        using var watch = client.Stream<HealthCheckResponse>("Watch", new HealthCheckRequest { Service = "colors" }, service: HealthName);
        Assert.Equal(ServingStatus.Serving, await NextAsync());

        await client.CallAsync<RepositoryModelUnloadResponse>(
            "RepositoryModelUnload",
            new RepositoryModelUnloadRequest { ModelName = "colors" }
        );
        Assert.Equal(ServingStatus.NotServing, await NextAsync());
        await client.CallAsync<RepositoryModelLoadResponse>("RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "colors" });
        Assert.Equal(ServingStatus.Serving, await NextAsync());
        _ = service.Services.GetRequiredService<DrainGate>().Close();
        Assert.Equal(ServingStatus.NotServing, await NextAsync());
        Assert.Null(await NextAsync());

        async Task<ServingStatus?> NextAsync()
        {
            var next = watch.ResponseStream.MoveNext(default).Guarded();
            // The service looks again when its clock says so.
            while (!next.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            return await next ? watch.ResponseStream.Current.Status : null;
        }
    }

    [Fact]
    public async Task Watch_NoSuchServiceOrModel_SaysSoAndGoesOn()
    {
        using var watch = _client.Stream<HealthCheckResponse>("Watch", new HealthCheckRequest { Service = "nobody" }, service: HealthName);
        Assert.True(await watch.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task ModelMetadata_Model_DescribesItsTensors()
    {
        var metadata = await _client.CallAsync<ModelMetadataResponse>("ModelMetadata", new ModelMetadataRequest { Name = "colors" });
        Assert.Equal(("colors", "onnxruntime_onnx"), (metadata.Name, metadata.Platform));
        Assert.Equal(["1"], metadata.Versions);
        var (input, output) = (Assert.Single(metadata.Inputs), Assert.Single(metadata.Outputs));
        Assert.Equal(("input", "FP32"), (input.Name, input.Datatype));
        Assert.Equal([-1, 3, 8, 8], input.Shape);
        Assert.Equal(("logits", "FP32"), (output.Name, output.Datatype));
        Assert.Equal([-1, 3], output.Shape);
        await _client
            .CallAsync<ModelMetadataResponse>("ModelMetadata", new ModelMetadataRequest { Name = "colors", Version = "2" })
            .RefusedAsync(StatusCode.NotFound, "unknown-model");
    }

    [Fact]
    public async Task ModelStatistics_AfterInference_AreThoseOfRest()
    {
        using var models = new TempModels().Colors("colors");
        await using var service = await Service.StartAsync(models.Settings);
        using var client = RpcClient.Of(service);
        Assert.Equal(0u, (await StatisticsAsync(client, "")).LastInference);
        await client.InferAsync(RpcTensor.Raw(Tensor.Red, Tensor.Blue, Tensor.Red));

        // The batch is counted after its answers are on their way.
        var statistics = new ModelStatistics();
        while (statistics.InferenceCount < 3)
            statistics = await StatisticsAsync(client, "colors");
        using var rest = await service.Client().GetAsync(new Uri("/v2/models/colors/stats", UriKind.Relative)).Guarded();
        var expected = (await rest.JsonAsync()).GetProperty("model_stats")[0];
        Assert.Equal(("colors", "1"), (statistics.Name, statistics.Version));
        Assert.Equal(expected.GetProperty("last_inference").GetUInt64(), statistics.LastInference);
        Assert.Equal(expected.GetProperty("execution_count").GetUInt64(), statistics.ExecutionCount);
        var sums = expected.GetProperty("inference_stats");
        Assert.Equal(sums.GetProperty("success").GetProperty("ns").GetUInt64(), statistics.InferenceStats.Success.Ns);
        Assert.Equal(sums.GetProperty("queue").GetProperty("ns").GetUInt64(), statistics.InferenceStats.Queue.Ns);
        Assert.Equal(sums.GetProperty("compute_infer").GetProperty("ns").GetUInt64(), statistics.InferenceStats.ComputeInfer.Ns);
        Assert.Equal(3u, statistics.InferenceStats.Success.Count);
        Assert.Equal(3ul, statistics.BatchStats.Aggregate(0ul, (rows, size) => rows + (size.BatchSize * size.ComputeInfer.Count)));
        await client
            .CallAsync<ModelStatisticsResponse>("ModelStatistics", new ModelStatisticsRequest { Name = "nobody" })
            .RefusedAsync(StatusCode.NotFound, "unknown-model");
    }

    [Fact]
    public async Task Repository_UnloadAndLoad_ChangeWhatIsServed()
    {
        using var models = new TempModels().Colors("colors");
        await using var service = await Service.StartAsync(models.Settings.WithAdmin());
        using var client = RpcClient.OfAdmin(service);

        await client.CallAsync<RepositoryModelUnloadResponse>(
            "RepositoryModelUnload",
            new RepositoryModelUnloadRequest { ModelName = "colors" }
        );
        Assert.Equal("UNAVAILABLE", Assert.Single((await IndexAsync(client, ready: false)).Models).State);
        Assert.Empty((await IndexAsync(client, ready: true)).Models);
        await client.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.NotFound, "unknown-model");

        var load = new RepositoryModelLoadRequest { ModelName = "colors", Parameters = { ["version"] = new() { StringParam = "1" } } };
        await client.CallAsync<RepositoryModelLoadResponse>("RepositoryModelLoad", load);
        var entry = Assert.Single((await IndexAsync(client, ready: true)).Models);
        Assert.Equal(("colors", "1", "READY", ""), (entry.Name, entry.Version, entry.State, entry.Reason));
        Assert.Equal(Tensor.RedLogits, (await client.InferAsync(RpcTensor.Raw(Tensor.Red))).RawNumbers());

        load.Parameters["version"] = new() { StringParam = "7" };
        await client.CallAsync<RepositoryModelLoadResponse>("RepositoryModelLoad", load).RefusedAsync(StatusCode.NotFound, "unknown-model");
    }

    /// <summary>Clients find fields by number: the numbers of the protocol, written down a second time on purpose.</summary>
    [Theory]
    [InlineData("ModelInferRequest", "model_name=1 model_version=2 id=3 parameters=4 inputs=5 outputs=6 raw_input_contents=7")]
    [InlineData("ModelInferRequest.InferInputTensor", "name=1 datatype=2 shape=3 parameters=4 contents=5")]
    [InlineData("ModelInferRequest.InferRequestedOutputTensor", "name=1 parameters=2")]
    [InlineData("ModelInferResponse", "model_name=1 model_version=2 id=3 parameters=4 outputs=5 raw_output_contents=6")]
    [InlineData("ModelInferResponse.InferOutputTensor", "name=1 datatype=2 shape=3 parameters=4 contents=5")]
    [InlineData(
        "InferTensorContents",
        "bool_contents=1 int_contents=2 int64_contents=3 uint_contents=4 uint64_contents=5 fp32_contents=6 fp64_contents=7 bytes_contents=8"
    )]
    [InlineData("InferParameter", "bool_param=1 int64_param=2 string_param=3 double_param=4 uint64_param=5")]
    [InlineData("ServerMetadataResponse", "name=1 version=2 extensions=3")]
    [InlineData("ModelMetadataResponse", "name=1 versions=2 platform=3 inputs=4 outputs=5")]
    [InlineData("ModelMetadataResponse.TensorMetadata", "name=1 datatype=2 shape=3")]
    [InlineData("ModelStatistics", "name=1 version=2 last_inference=3 inference_count=4 execution_count=5 inference_stats=6 batch_stats=7")]
    [InlineData("InferStatistics", "success=1 fail=2 queue=3 compute_input=4 compute_infer=5 compute_output=6 cache_hit=7 cache_miss=8")]
    [InlineData("InferBatchStatistics", "batch_size=1 compute_input=2 compute_infer=3 compute_output=4")]
    [InlineData("RepositoryIndexResponse.ModelIndex", "name=1 version=2 state=3 reason=4")]
    [InlineData("RepositoryModelLoadRequest", "repository_name=1 model_name=2 parameters=3")]
    [InlineData("ModelRepositoryParameter", "bool_param=1 int64_param=2 string_param=3 bytes_param=4")]
    public void Contract_FieldNumbers_AreTheProtocols(string message, string fields)
    {
        MessageDescriptor? found = null;
        foreach (var name in message.Split('.'))
            found = (found?.NestedTypes ?? OpenInferenceReflection.Descriptor.MessageTypes).Single(type => type.Name == name);
        Assert.Equal(fields, string.Join(' ', found!.Fields.InFieldNumberOrder().Select(field => $"{field.Name}={field.FieldNumber}")));
    }

    private static async Task<ServingStatus> HealthAsync(RpcClient client, string asked) =>
        (await client.CallAsync<HealthCheckResponse>("Check", new HealthCheckRequest { Service = asked }, service: HealthName)).Status;

    private static async Task<ModelStatistics> StatisticsAsync(RpcClient client, string name) =>
        Assert.Single(
            (await client.CallAsync<ModelStatisticsResponse>("ModelStatistics", new ModelStatisticsRequest { Name = name })).ModelStats
        );

    private static Task<RepositoryIndexResponse> IndexAsync(RpcClient client, bool ready) =>
        client.CallAsync<RepositoryIndexResponse>("RepositoryIndex", new RepositoryIndexRequest { Ready = ready });
}
