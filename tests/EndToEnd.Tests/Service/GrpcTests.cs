using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Net.Client;
using Saccade.Api.OpenInference.Rpc;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Service;

/// <summary>The published service asked by a client that was generated from the protocol's file.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class GrpcTests(PublishedService published)
{
    private const string Model = "fashion";

    [Fact]
    public async Task ModelInfer_ShippedModel_AnswersWhatRestAnswersAndTheServiceEndsWithTheConnectionOpen()
    {
        var port = FreePort.Next();
        await using var service = await published.StartReadyAsync(("Grpc__Port", $"{port}"));
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);

        var metadata = await client.ModelMetadataAsync(new() { Name = Model });
        var input = Assert.Single(metadata.Inputs);
        long[] shape = [2, .. input.Shape.Skip(1)];
        var elements = Elements(shape.Aggregate(1, (product, side) => product * (int)side));
        var answer = await client.ModelInferAsync(
            new()
            {
                ModelName = Model,
                Inputs =
                {
                    new ModelInferRequest.Types.InferInputTensor
                    {
                        Name = input.Name,
                        Datatype = input.Datatype,
                        Shape = { shape },
                    },
                },
                RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(elements)) },
            }
        );

        var logits = MemoryMarshal.Cast<byte, float>(Assert.Single(answer.RawOutputContents).Span).ToArray();
        Assert.Equal(2 * metadata.Outputs[0].Shape[1], logits.Length);
        var expected = await RestAsync(service.Address, input.Name, shape, elements);
        Assert.All(logits.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));

        service.Process.Terminate();
        Assert.Equal(0, await service.Process.WaitForExitAsync(TimeSpan.FromMinutes(1)));
    }

    private static async Task<float[]> RestAsync(Uri service, string name, long[] shape, float[] data)
    {
        using var client = new HttpClient { BaseAddress = service };
        var request = new
        {
            inputs = new[]
            {
                new
                {
                    name,
                    datatype = "FP32",
                    shape,
                    data,
                },
            },
        };
        using var response = await client.PostAsJsonAsync(new Uri($"/v2/models/{Model}/infer", UriKind.Relative), request);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return [.. body.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(number => number.GetSingle())];
    }

    // Neither all alike nor random: a wave over the range that pixels have after normalisation.
    private static float[] Elements(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i / 7f))];
}
