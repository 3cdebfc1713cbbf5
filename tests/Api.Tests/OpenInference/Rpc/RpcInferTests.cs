using System.Text;
using Grpc.Core;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>Tensors through a real ONNX model over gRPC, in both forms that the protocol has.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class RpcInferTests(SharedService shared) : IDisposable
{
    private readonly RpcClient _client = RpcClient.Of(shared.Service);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task ModelInfer_RawAndTyped_AnswerInKindWhatRestAnswers()
    {
        using var rest = await shared
            .Service.Client()
            .PostAsync("/v2/models/colors/infer", Payload.Json(Tensor.Json(Tensor.Red, Tensor.Blue)))
            .Guarded();
        var expected = (await rest.JsonAsync())
            .GetProperty("outputs")[0]
            .GetProperty("data")
            .EnumerateArray()
            .Select(number => number.GetSingle())
            .ToArray();

        var raw = await _client.InferAsync(RpcTensor.Raw(Tensor.Red, Tensor.Blue));
        Assert.Equal(("colors", "1", ""), (raw.ModelName, raw.ModelVersion, raw.Id));
        var output = Assert.Single(raw.Outputs);
        Assert.Equal(("logits", "FP32"), (output.Name, output.Datatype));
        Assert.Equal([2, 3], output.Shape);
        Assert.Null(output.Contents);
        Assert.Equal(expected, raw.RawNumbers());

        var typed = await _client.InferAsync(RpcTensor.Typed(Tensor.Red, Tensor.Blue));
        Assert.Empty(typed.RawOutputContents);
        Assert.Equal(expected, typed.Outputs[0].Contents.Fp32Contents);
        Assert.Equal([.. Tensor.RedLogits, .. Tensor.BlueLogits], expected);
    }

    [Fact]
    public async Task ModelInfer_IdAndVersion_AreRepeatedAndUnknownParametersPassedOver()
    {
        var request = RpcTensor.Raw(Tensor.Blue);
        (request.Id, request.ModelVersion) = ("ask \"me\"", "1");
        request.Parameters.Add("unheard_of", new InferParameter { StringParam = "of" });
        request.Parameters.Add("sequence_id", new InferParameter { Uint64Param = ulong.MaxValue });
        request.Parameters.Add("priority", new InferParameter { Int64Param = 1 });
        var answer = await _client.InferAsync(request);
        Assert.Equal(("ask \"me\"", "1"), (answer.Id, answer.ModelVersion));
        Assert.Equal(Tensor.BlueLogits, answer.RawNumbers());
    }

    [Fact]
    public async Task ModelInfer_RequestId_IsTheClients()
    {
        using var call = _client.Start<ModelInferResponse>("ModelInfer", RpcTensor.Raw(Tensor.Red), new() { { "x-request-id", "mine-7" } });
        var headers = await call.ResponseHeadersAsync.Guarded();
        await call.ResponseAsync.Guarded();
        Assert.Equal("mine-7", headers.GetValue("x-request-id"));
        Assert.Contains("inference;dur=", headers.GetValue("server-timing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelInfer_Classification_IsTextsBestFirst()
    {
        var request = RpcTensor.Typed(Tensor.Blue, Tensor.Red);
        request.Outputs.Add(
            new ModelInferRequest.Types.InferRequestedOutputTensor
            {
                Name = "logits",
                Parameters = { ["classification"] = new() { Int64Param = 2 } },
            }
        );
        var typed = Assert.Single((await _client.InferAsync(request)).Outputs);
        Assert.Equal("BYTES", typed.Datatype);
        Assert.Equal([2, 2], typed.Shape);
        Assert.Equal(
            ["10.000000:2:blue", "5.000000:1:green", "20.000000:0:red"],
            typed.Contents.BytesContents.Take(3).Select(text => text.ToStringUtf8())
        );

        var raw = RpcTensor.Raw(Tensor.Blue);
        raw.Outputs.Add(
            new ModelInferRequest.Types.InferRequestedOutputTensor
            {
                Name = "logits",
                Parameters = { ["classification"] = new() { Int64Param = 1 } },
            }
        );
        Assert.Equal(
            "\u0010\0\0\0" + "10.000000:2:blue",
            Encoding.UTF8.GetString((await _client.InferAsync(raw)).RawOutputContents[0].Span)
        );
    }

    [Fact]
    public async Task ModelInfer_Pixels_AreReadFromEitherForm()
    {
        using var models = new TempModels().Graph("pixels", "uint8-rows");
        await using var service = await Service.StartAsync(models.Settings);
        using var client = RpcClient.Of(service);
        var metadata = await client.CallAsync<ModelMetadataResponse>("ModelMetadata", new ModelMetadataRequest { Name = "pixels" });
        var blue = Enumerable.Range(0, 64).SelectMany(_ => new byte[] { 0, 0, 200 }).ToArray();
        ModelInferRequest Request() =>
            new()
            {
                ModelName = "pixels",
                Inputs =
                {
                    new ModelInferRequest.Types.InferInputTensor
                    {
                        Name = metadata.Inputs[0].Name,
                        Datatype = "UINT8",
                        Shape = { 1, 8, 8, 3 },
                    },
                },
            };

        var raw = Request();
        raw.RawInputContents.Add(Google.Protobuf.ByteString.CopyFrom(blue));
        var typed = Request();
        typed.Inputs[0].Contents = new() { UintContents = { blue.Select(level => (uint)level) } };
        var scores = (await client.InferAsync(raw)).RawNumbers();
        Assert.Equal(2, Array.IndexOf(scores, scores.Max()));
        Assert.Equal(scores, (await client.InferAsync(typed)).Outputs[0].Contents.Fp32Contents);

        typed.Inputs[0].Contents.UintContents[5] = 256;
        var refusal = await client.InferAsync(typed).RefusedAsync(StatusCode.InvalidArgument, "invalid-tensor");
        Assert.Contains("255", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelInfer_MoreRowsThanABatch_AllAreAnsweredInOrder()
    {
        var logits = (
            await _client.InferAsync(RpcTensor.Raw([.. Enumerable.Range(0, 100).Select(i => Tensor.Row(i / 100f, 0, 0))]))
        ).RawNumbers();
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(20 * (i / 100f), logits[3 * i], 1e-4f));
    }
}
