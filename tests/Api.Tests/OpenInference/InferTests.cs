using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Tests.Support;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;

namespace Saccade.Api.Tests.OpenInference;

/// <summary>Tensors through a real ONNX model, in every form that the protocol has.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class InferTests(SharedService shared)
{
    private const string Path = "/v2/models/colors/infer";

    private readonly HttpClient _client = shared.Service.Client();

    [Fact]
    public async Task Infer_JsonFlatAndNested_AnswerTheSame()
    {
        var flat = await AnswerAsync(Payload.Json(Tensor.Json(Tensor.Red, Tensor.Blue)));
        var nested = await AnswerAsync(Payload.Json(Tensor.Json(Tensor.Nested(Tensor.Red, Tensor.Blue), rows: 2)));

        Assert.Equal(["model_name", "model_version", "outputs"], flat.Names());
        Assert.Equal(("colors", "1"), (flat.GetProperty("model_name").GetString(), flat.GetProperty("model_version").GetString()));
        var output = Assert.Single(flat.GetProperty("outputs").EnumerateArray());
        Assert.Equal(("logits", "FP32"), (output.GetProperty("name").GetString(), output.GetProperty("datatype").GetString()));
        Assert.Equal([2, 3], output.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal([.. Tensor.RedLogits, .. Tensor.BlueLogits], Numbers(output));
        Assert.Equal(Numbers(output), Numbers(nested.GetProperty("outputs")[0]));
    }

    [Fact]
    public async Task Infer_JsonBehindAByteOrderMark_IsRead()
    {
        var answer = await AnswerAsync(Payload.Json("\uFEFF" + Tensor.Json(Tensor.Red)));
        Assert.Equal(Tensor.RedLogits, Numbers(answer.GetProperty("outputs")[0]));
        var bytes = Tensor.Bytes(Tensor.Blue);
        answer = await AnswerAsync(Tensor.Binary("\uFEFF" + Tensor.Head(1, bytes.Length), bytes));
        Assert.Equal(Tensor.BlueLogits, Numbers(answer.GetProperty("outputs")[0]));
    }

    [Fact]
    public async Task Infer_Id_IsRepeated()
    {
        var answer = await AnswerAsync(
            Payload.Json(
                Tensor.Json($"[{string.Join(",", Tensor.Red)}]", 1, ""","id":"ask \"me\"","parameters":{"unheard_of":"of","x":1}""")
            )
        );
        Assert.Equal("ask \"me\"", answer.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(Path)]
    [InlineData("/v2/models/colors/versions/1/infer")]
    public async Task Infer_BinaryInAndJsonOut(string path)
    {
        var bytes = Tensor.Bytes(Tensor.Blue, Tensor.Red);
        var answer = await AnswerAsync(Tensor.Binary(Tensor.Head(2, bytes.Length), bytes), path);
        Assert.Equal([.. Tensor.BlueLogits, .. Tensor.RedLogits], Numbers(answer.GetProperty("outputs")[0]));
    }

    [Theory]
    [InlineData(""","parameters":{"binary_data_output":true}""")]
    [InlineData(""","outputs":[{"name":"logits","parameters":{"binary_data":true}}]""")]
    [InlineData(""","outputs":[{"name":"logits","parameters":{"binary_data":true}}],"parameters":{"binary_data_output":false}""")]
    public async Task Infer_BinaryOut(string wish)
    {
        using var response = await _client
            .PostAsync(Path, Payload.Json(Tensor.Json($"[{string.Join(",", Tensor.Red)}]", 1, wish)))
            .Guarded();
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        var (head, tensor) = await SplitAsync(response);
        var output = head.GetProperty("outputs")[0];
        Assert.False(output.TryGetProperty("data", out _));
        Assert.Equal(12, output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal(Tensor.RedLogits, MemoryMarshal.Cast<byte, float>(tensor).ToArray());
    }

    [Fact]
    public async Task Infer_OutputOverridesTheRequest_Json()
    {
        var answer = await AnswerAsync(
            Payload.Json(
                Tensor.Json(
                    $"[{string.Join(",", Tensor.Red)}]",
                    1,
                    ""","outputs":[{"name":"logits","parameters":{"binary_data":false}}],"parameters":{"binary_data_output":true}"""
                )
            )
        );
        Assert.Equal(Tensor.RedLogits, Numbers(answer.GetProperty("outputs")[0]));
    }

    [Fact]
    public async Task Infer_OneTensorAlone_AnsweredInBinary()
    {
        using var content = Tensor.Binary("", Tensor.Bytes(Tensor.Blue), "0");
        using var response = await _client.PostAsync(Path, content).Guarded();
        var (head, tensor) = await SplitAsync(response);
        Assert.Equal([1, 3], head.GetProperty("outputs")[0].GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(Tensor.BlueLogits, MemoryMarshal.Cast<byte, float>(tensor).ToArray());
    }

    [Fact]
    public async Task Infer_Classification_BestClassesAsTexts()
    {
        const string Wish = ""","outputs":[{"name":"logits","parameters":{"classification":2}}]""";
        var answer = await AnswerAsync(Payload.Json(Tensor.Json($"[{string.Join(",", Tensor.Red.Concat(Tensor.Blue))}]", 2, Wish)));
        var output = answer.GetProperty("outputs")[0];
        Assert.Equal("BYTES", output.GetProperty("datatype").GetString());
        Assert.Equal([2, 2], output.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(
            ["20.000000:0:red", "0.000000:1:green", "10.000000:2:blue", "5.000000:1:green"],
            output.GetProperty("data").EnumerateArray().Select(text => text.GetString())
        );

        using var binary = await _client
            .PostAsync(
                Path,
                Payload.Json(
                    Tensor.Json(
                        $"[{string.Join(",", Tensor.Blue)}]",
                        1,
                        Wish.Replace("2}", "1,\"binary_data\":true}", StringComparison.Ordinal)
                    )
                )
            )
            .Guarded();
        var (_, bytes) = await SplitAsync(binary);
        Assert.Equal("\u0010\0\0\0" + "10.000000:2:blue", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task Infer_MoreRowsThanABatch_AllAreAnsweredInOrder()
    {
        var rows = Enumerable.Range(0, 100).Select(i => Tensor.Row(i / 100f, 0, 0)).ToArray();
        var bytes = Tensor.Bytes(rows);
        var answer = await AnswerAsync(Tensor.Binary(Tensor.Head(100, bytes.Length), bytes));
        var logits = Numbers(answer.GetProperty("outputs")[0]);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(20 * (i / 100f), logits[3 * i], 1e-4f));
    }

    [Fact]
    public async Task Infer_ModelWithPixelsAndModelWithSoftmax_AreServedAsTheirGraphsSay()
    {
        using var models = new TempModels().Graph("pixels", "uint8-rows").Graph("soft", "probabilities");
        await using var service = await Service.StartAsync(models.Settings);
        var client = service.Client();

        using var described = await client.GetAsync(new Uri("/v2/models/pixels", UriKind.Relative)).Guarded();
        var input = (await described.JsonAsync()).GetProperty("inputs")[0];
        Assert.Equal(("UINT8", "[-1,8,8,3]"), (input.GetProperty("datatype").GetString(), input.GetProperty("shape").GetRawText()));
        var blue = string.Join(",", Enumerable.Range(0, 64).Select(_ => "0,0,200"));
        using var pixels = await client
            .PostAsync(
                "/v2/models/pixels/infer",
                Payload.Json(
                    $$"""
                    {"inputs":[{"data":[{{blue}}],"datatype":"UINT8","shape":[1,8,8,3],
                                "name":"{{input.GetProperty("name").GetString()}}"}]}
                    """
                )
            )
            .Guarded();
        var scores = Numbers((await pixels.JsonAsync()).GetProperty("outputs")[0]);
        Assert.Equal(2, scores.IndexOf(scores.Max()));

        using var soft = await client
            .PostAsync(
                "/v2/models/soft/infer",
                Payload.Json(Tensor.Json(Tensor.Red).Replace("[1,3,8,8]", "[1,3,8,8]", StringComparison.Ordinal))
            )
            .Guarded();
        var probabilities = Numbers((await soft.JsonAsync()).GetProperty("outputs")[0]);
        Assert.Equal(1, probabilities.Sum(), 1e-5f);
        Assert.Equal(MathF.E / (MathF.E + 2), probabilities[0], 1e-5f);
    }

    [Fact]
    public async Task Statistics_AfterInference_CountRowsAndBatches()
    {
        using var models = new TempModels().Colors("colors");
        await using var service = await Service.StartAsync(models.Settings);
        var client = service.Client();
        using var none = await client.GetAsync(new Uri("/v2/models/stats", UriKind.Relative)).Guarded();
        Assert.Equal(0, (await none.JsonAsync()).GetProperty("model_stats")[0].GetProperty("last_inference").GetInt64());

        (await client.PostAsync(Path, Payload.Json(Tensor.Json(Tensor.Red, Tensor.Blue, Tensor.Red))).Guarded()).Dispose();
        (await client.PostAsync("/classify?crops=10", Payload.Form(Payload.RedPng)).Guarded()).Dispose();

        JsonElement stats = default;
        for (long counted = 0; counted < 13; )
        {
            // The batch is counted after its answers are on their way.
            using var response = await client.GetAsync(new Uri("/v2/models/colors/versions/1/stats", UriKind.Relative)).Guarded();
            stats = (await response.JsonAsync()).GetProperty("model_stats")[0];
            counted = stats.GetProperty("inference_count").GetInt64();
        }

        Assert.Equal(13, stats.GetProperty("inference_count").GetInt64());
        var batches = stats.GetProperty("batch_stats").EnumerateArray().ToArray();
        Assert.Equal(
            13,
            batches.Sum(batch =>
                batch.GetProperty("batch_size").GetInt32() * batch.GetProperty("compute_infer").GetProperty("count").GetInt64()
            )
        );
        Assert.Equal(
            stats.GetProperty("execution_count").GetInt64(),
            batches.Sum(batch => batch.GetProperty("compute_infer").GetProperty("count").GetInt64())
        );
        var sums = stats.GetProperty("inference_stats");
        Assert.Equal(13, sums.GetProperty("success").GetProperty("count").GetInt64());
        Assert.Equal(
            sums.GetProperty("success").GetProperty("ns").GetInt64(),
            sums.GetProperty("queue").GetProperty("ns").GetInt64() + sums.GetProperty("compute_infer").GetProperty("ns").GetInt64()
        );
        Assert.Equal(0, sums.GetProperty("fail").GetProperty("count").GetInt64());
        Assert.True(stats.GetProperty("last_inference").GetInt64() > 0);
    }

    [Fact]
    public async Task Infer_TimeoutInMicroseconds_DropsTheWork()
    {
        await using var service = await Service.StartAsync(configure: GatedModel.Create(out var session));
        session.Hold();
        using var response = await service
            .Client()
            .PostAsync(
                Path,
                Payload.Json(Tensor.Json($"[{string.Join(",", Tensor.Red)}]", 1, ""","parameters":{"timeout":1000,"priority":1}"""))
            )
            .Guarded();
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        session.Open();
    }

    [Fact]
    public async Task Infer_WithImages_ShareBatches()
    {
        // A graph that insists on four rows leaves nothing to choose: three rows are one run, whoever sent them.
        var session = new GatedModelSession { Graph = new("input", InputType.Float32, [4, 3, 8, 8], [new("logits", [4, 3])]) };
        await using var service = await Service.StartAsync(
            new() { ["Execution:Provider"] = "Cpu" },
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );
        var client = service.Client();
        session.Hold();
        var first = client.PostAsync("/classify", Payload.Form(Payload.RedPng));
        await session.NextRunAsync();
        var tensors = client.PostAsync(Path, Payload.Json(Tensor.Json(Tensor.Red, Tensor.Blue)));
        var image = client.PostAsync("/classify", Payload.Form(Payload.RedPng));
        await service.InsideAsync(3);
        await TestTimeouts.UntilAsync(() => Queued(service) == 3);
        session.Open();

        foreach (var answer in new[] { first, tensors, image })
        {
            using var response = await answer.Guarded();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal([4, 4], session.Runs);
    }

    private static int Queued(Service service) => service.Services.GetRequiredService<ModelCatalog>().List()[0].QueueDepth;

    private async Task<JsonElement> AnswerAsync(HttpContent content, string path = Path)
    {
        using var response = await _client.PostAsync(path, content).Guarded();
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.False(response.Headers.Contains("Inference-Header-Content-Length"));
        return await response.JsonAsync();
    }

    private static async Task<(JsonElement Head, byte[] Tensor)> SplitAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var length = int.Parse(
            response.Headers.GetValues("Inference-Header-Content-Length").Single(),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var body = await response.Content.ReadAsByteArrayAsync().Guarded();
        using var head = JsonDocument.Parse(body.AsMemory(0, length));
        return (head.RootElement.Clone(), body[length..]);
    }

    private static float[] Numbers(JsonElement output) =>
        [.. output.GetProperty("data").EnumerateArray().Select(number => number.GetSingle())];
}
