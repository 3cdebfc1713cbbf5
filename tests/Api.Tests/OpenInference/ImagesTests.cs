using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference;

/// <summary>Encoded images as BYTES, over REST and gRPC, for a model and for an ensemble, which takes nothing else.</summary>
public sealed class ImagesTests : IAsyncLifetime
{
    private readonly TempModels _models = new TempModels()
        .Colors("colors")
        .Colors("second")
        .Ensemble("both", """{"members":[{"model":"colors"},{"model":"second"}]}""");
    private Service _service = null!;
    private HttpClient _client = null!;

    public static byte[] BluePng { get; } = TestModels.Image(0, 0, 255);

    public async Task InitializeAsync()
    {
        _service = await Service.StartAsync(new(_models.Settings) { ["Limits:MaxImagesPerBatch"] = "3" });
        _client = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
        _models.Dispose();
    }

    [Theory]
    [InlineData("colors", "image", "[2]")]
    [InlineData("colors", "input", "[2,1]")]
    [InlineData("both", "image", "[2,1]")]
    public async Task Infer_ImagesInBinary_AreClassifiedInOrder(string model, string input, string shape)
    {
        var bytes = Elements(Payload.RedPng, BluePng);
        var json = $$$"""
            {"inputs":[{"name":"{{{input}}}","shape":{{{shape}}},"datatype":"BYTES",
                        "parameters":{"binary_data_size":{{{bytes.Length}}}}}]}
            """;
        var output = await OutputAsync(model, Tensor.Binary(json, bytes));
        Assert.Equal(
            ("probabilities", "FP32", "[2,3]"),
            (output.GetProperty("name").GetString(), output.GetProperty("datatype").GetString(), output.GetProperty("shape").GetRawText())
        );
        var numbers = output.GetProperty("data").EnumerateArray().Select(number => number.GetSingle()).ToArray();
        Assert.Equal((0, 2), (Best(numbers[..3]), Best(numbers[3..])));
        Assert.All(numbers.Chunk(3), row => Assert.Equal(1, row.Sum(), 1e-5f));
    }

    [Fact]
    public async Task Infer_ImagesAskedForAsClasses_AreTheLabelsThatClassifyTells()
    {
        var json = $$$"""
            {"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{{Convert.ToBase64String(BluePng)}}}"]}],
             "outputs":[{"name":"probabilities","parameters":{"classification":1}}]}
            """;
        var output = await OutputAsync("both", Payload.Json(json));
        Assert.Equal("BYTES", output.GetProperty("datatype").GetString());
        using var rest = await _client.PostAsync("/classify?model=both", Payload.Form(BluePng)).Guarded();
        var best = (await rest.JsonAsync()).GetProperty("predictions")[0];
        Assert.Equal(
            $"{best.GetProperty("probability").GetDouble():F6}:2:blue",
            Assert.Single(output.GetProperty("data").EnumerateArray()).GetString()
        );
    }

    [Fact]
    public async Task Infer_BodyThatIsTheImage_AnsweredInBinaryByAnEnsemble()
    {
        using var response = await _client.PostAsync("/v2/models/both/infer", Tensor.Binary("", Payload.RedPng, "0")).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var length = int.Parse(
            Assert.Single(response.Headers.GetValues("Inference-Header-Content-Length")),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var body = await response.Content.ReadAsByteArrayAsync().Guarded();
        Assert.Equal(0, Best(MemoryMarshal.Cast<byte, float>(body.AsSpan(length)).ToArray()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ModelInfer_Images_AreAnsweredInKind(bool raw)
    {
        using var client = RpcClient.Of(_service);
        var answer = await client.InferAsync(Message("both", raw, Payload.RedPng, BluePng));
        Assert.Equal([2, 3], Assert.Single(answer.Outputs).Shape);
        var numbers = raw ? answer.RawNumbers() : [.. answer.Outputs[0].Contents.Fp32Contents];
        Assert.Equal((0, 2), (Best(numbers[..3]), Best(numbers[3..])));
    }

    [Theory]
    [InlineData("[1]", "image", 2, "2 images, and 1 by its shape")]
    [InlineData("[1,2]", "image", 2, "[N] or [N, 1]")]
    [InlineData("[0]", "image", 0, "at least 1")]
    [InlineData("[1]", "picture", 1, "no input 'picture'")]
    public async Task Infer_ImagesThatDoNotFit_AreRefusedWithTheReason(string shape, string input, int images, string said)
    {
        var bytes = Elements([.. Enumerable.Repeat(Payload.RedPng, images)]);
        var json = $$$"""
            {"inputs":[{"name":"{{{input}}}","shape":{{{shape}}},"datatype":"BYTES",
                        "parameters":{"binary_data_size":{{{bytes.Length}}}}}]}
            """;
        await RefusedAsync(Tensor.Binary(json, bytes), HttpStatusCode.BadRequest, said);
    }

    [Fact]
    public async Task Infer_ImageThatDoesNotDecode_IsRefusedAsByClassify()
    {
        var bytes = Elements(Payload.RedPng, "no image"u8.ToArray());
        await RefusedAsync(
            Tensor.Binary(
                $$$"""{"inputs":[{"name":"image","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":{{{bytes.Length}}}}}]}""",
                bytes
            ),
            HttpStatusCode.UnsupportedMediaType,
            ""
        );
        bytes = Elements(Payload.RedPng, []);
        await RefusedAsync(
            Tensor.Binary(
                $$$"""{"inputs":[{"name":"image","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":{{{bytes.Length}}}}}]}""",
                bytes
            ),
            HttpStatusCode.BadRequest,
            "0 bytes"
        );
        bytes = Elements(Payload.RedPng, BluePng, Payload.RedPng, BluePng);
        await RefusedAsync(
            Tensor.Binary(
                $$$"""{"inputs":[{"name":"image","shape":[4],"datatype":"BYTES","parameters":{"binary_data_size":{{{bytes.Length}}}}}]}""",
                bytes
            ),
            HttpStatusCode.RequestEntityTooLarge,
            "at most 3"
        );
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1 })]
    public async Task Infer_ElementsWithoutTheirBytes_AreRefused(byte[] bytes) =>
        await RefusedAsync(
            Tensor.Binary(
                $$$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":{{{bytes.Length}}}}}]}""",
                bytes
            ),
            HttpStatusCode.BadRequest,
            "Input 'image'"
        );

    [Theory]
    [InlineData("""["no base64!"]""")]
    [InlineData("[1]")]
    public async Task Infer_TextThatIsNoBase64_IsRefused(string data) =>
        await RefusedAsync(
            Payload.Json($$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":{{data}}}]}"""),
            HttpStatusCode.BadRequest,
            "base64"
        );

    [Fact]
    public async Task Ensemble_InBothProtocols_IsReadyAndDescribedAsWhatTakesImages()
    {
        using var client = RpcClient.Of(_service);
        using var ready = await _client.GetAsync(new Uri("/v2/models/both/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.True((await client.CallAsync<ModelReadyResponse>("ModelReady", new ModelReadyRequest { Name = "both" })).Ready);

        using var described = await _client.GetAsync(new Uri("/v2/models/both", UriKind.Relative)).Guarded();
        var rest = await described.JsonAsync();
        Assert.Equal("ensemble", rest.GetProperty("platform").GetString());
        Assert.Equal("""[{"name":"image","datatype":"BYTES","shape":[-1,1]}]""", rest.GetProperty("inputs").GetRawText());
        Assert.Equal("""[{"name":"probabilities","datatype":"FP32","shape":[-1,3]}]""", rest.GetProperty("outputs").GetRawText());
        var metadata = await client.CallAsync<ModelMetadataResponse>("ModelMetadata", new ModelMetadataRequest { Name = "both" });
        Assert.Equal(("BYTES", "probabilities"), (metadata.Inputs[0].Datatype, metadata.Outputs[0].Name));

        using var config = await _client.GetAsync(new Uri("/v2/models/both/config", UriKind.Relative)).Guarded();
        Assert.Equal(
            """[{"name":"image","data_type":"TYPE_STRING","dims":[1]}]""",
            (await config.JsonAsync()).GetProperty("input").GetRawText()
        );
    }

    private async Task<JsonElement> OutputAsync(string model, HttpContent content)
    {
        using var response = await _client.PostAsync($"/v2/models/{model}/infer", content).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.JsonAsync()).GetProperty("outputs")[0];
    }

    private async Task RefusedAsync(HttpContent content, HttpStatusCode status, string said)
    {
        using var response = await _client.PostAsync("/v2/models/colors/infer", content).Guarded();
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(said, (await response.JsonAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static ModelInferRequest Message(string model, bool raw, params byte[][] images)
    {
        var input = new ModelInferRequest.Types.InferInputTensor
        {
            Name = "image",
            Datatype = "BYTES",
            Shape = { images.Length, 1 },
        };
        var message = new ModelInferRequest { ModelName = model, Inputs = { input } };
        if (raw)
            message.RawInputContents.Add(ByteString.CopyFrom(Elements(images)));
        else
            input.Contents = new() { BytesContents = { images.Select(ByteString.CopyFrom) } };
        return message;
    }

    private static byte[] Elements(params byte[][] images) => [.. images.SelectMany(image => Length(image).Concat(image))];

    private static byte[] Length(byte[] image)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, image.Length);
        return length;
    }

    private static int Best(float[] row) => Array.IndexOf(row, row.Max());
}
