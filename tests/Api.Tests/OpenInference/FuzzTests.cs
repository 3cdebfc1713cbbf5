using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;
using Xunit.Abstractions;

namespace Saccade.Api.Tests.OpenInference;

/// <summary>Damaged requests of the protocol, over REST and over gRPC: answered or refused, but never with a 500 or INTERNAL.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class FuzzTests(SharedService shared, ITestOutputHelper output)
{
    private const int Seed = 20_261_129;

    [Fact]
    public async Task Infer_DamagedJson_IsNeverA500()
    {
        var whole = Encoding.UTF8.GetBytes(Tensor.Json(Tensor.Red, Tensor.Blue));
        await SendAsync("JSON", random => Post(Fuzz.Damage(whole, random), headerLength: null));
    }

    [Fact]
    public async Task Infer_DamagedJsonAndBytes_IsNeverA500()
    {
        var head = Encoding.UTF8.GetBytes(Tensor.Head(rows: 1, bytes: 4 * Tensor.RowElements));
        byte[] whole = [.. head, .. Tensor.Bytes(Tensor.Red)];
        await SendAsync(
            "JSON and bytes",
            random => Post(Fuzz.Damage(whole, random), random.Next(4) == 0 ? random.Next(whole.Length + 10) : head.Length)
        );
    }

    [Fact]
    public async Task Infer_DamagedImages_IsNeverA500()
    {
        var whole = Encoding.UTF8.GetBytes(
            $$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{Convert.ToBase64String(Payload.RedPng)}}"]}]}"""
        );
        await SendAsync("images in JSON", random => Post(Fuzz.Damage(whole, random), headerLength: null));
    }

    [Fact]
    public async Task ModelInfer_DamagedMessage_IsNeverInternal()
    {
        var whole = RpcTensor.Raw(Tensor.Red).ToByteArray();
        await SendAsync("gRPC", random => Call(Fuzz.Damage(whole, random)));
    }

    private async Task SendAsync(string kind, Func<Random, HttpRequestMessage> next)
    {
        var client = shared.Service.Client();
        var random = new Random(Seed);
        var outcomes = new OutcomeCounts();
        for (var input = 0; input < Fuzz.Inputs(300); input++)
        {
            using var request = next(random);
            using var response = await client.SendAsync(request).Guarded();
            await response.Content.LoadIntoBufferAsync();
            var outcome = $"{(int)response.StatusCode}";
            if (request.Version == HttpVersion.Version20)
            {
                outcome = (
                    response.Headers.TryGetValues("grpc-status", out var early) ? early : response.TrailingHeaders.GetValues("grpc-status")
                ).Single();
                Assert.NotEqual("13", outcome);
            }

            outcomes.Add(outcome);
            Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        }

        output.WriteLine($"{kind}: {outcomes}");
        Assert.True(outcomes.Outcomes.Count > 1, $"{outcomes}");
    }

    private static HttpRequestMessage Post(byte[] body, int? headerLength)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(headerLength is null ? "application/json" : "application/octet-stream");
        if (headerLength is { } length)
            content.Headers.Add("Inference-Header-Content-Length", $"{length}");
        return new(HttpMethod.Post, "/v2/models/colors/infer") { Content = content };
    }

    private static HttpRequestMessage Call(byte[] message)
    {
        byte[] frame = [0, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        var content = new ByteArrayContent(frame);
        content.Headers.ContentType = new("application/grpc");
        return new(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer") { Content = content, Version = HttpVersion.Version20 };
    }
}
