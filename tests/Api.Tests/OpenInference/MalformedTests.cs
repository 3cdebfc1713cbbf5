using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference;

/// <summary>Requests that are wrong: each is told so as the protocol has it, and none is a defect.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class MalformedTests(SharedService shared)
{
    private const string Path = "/v2/models/colors/infer";
    private const string Zeros = "[0,0]";

    private static readonly byte[] Row = Tensor.Bytes(Tensor.Red);

    private readonly HttpClient _client = shared.Service.Client();

    [Theory]
    [InlineData("", "parse")]
    [InlineData("[]", "object")]
    [InlineData("{}", "'inputs' is missing")]
    [InlineData("{\"inputs\":{}}", "array")]
    [InlineData("{\"inputs\":[]}", "one input")]
    [InlineData("{\"inputs\":[7]}", "object")]
    [InlineData("{\"inputs\":[{\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}", "'name'")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"data\":[1]}]}", "'shape'")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"data\":[1]}]}", "'datatype'")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"FP32\"}]}", "binary_data_size")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[-1],\"datatype\":\"FP32\",\"data\":[1]}]}", "from 0")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1.5],\"datatype\":\"FP32\",\"data\":[1]}]}", "from 0")]
    [InlineData(
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[9223372036854775807,4],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "does not hold"
    )]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[2],\"datatype\":\"FP32\",\"data\":[1]}]}", "does not hold")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1,2]}]}", "does not hold")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[2,1],\"datatype\":\"FP32\",\"data\":[[1,2]]}]}", "does not hold")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[2,1],\"datatype\":\"FP32\",\"data\":[1,[2]]}]}", "does not hold")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[2,1],\"datatype\":\"FP32\",\"data\":[[1],2]}]}", "does not hold")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[[[[1]]]]}]}", "does not hold")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[\"1\"]}]}", "finite numbers")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1e99]}]}", "finite numbers")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"UINT8\",\"data\":[256]}]}", "0 to 255")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]}]}", "FP64")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1],\"datatype\":\"UINT8\",\"data\":[1]}]}", "Float32")]
    [InlineData("{\"inputs\":[{\"name\":\"pixels\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}", "'input'")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[1,2,3]}]}", "[N, 3, 8, 8]")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[0,3,8,8],\"datatype\":\"FP32\",\"data\":[]}]}", "rows")]
    [InlineData("{\"inputs\":[{\"name\":\"input\",\"shape\":[],\"datatype\":\"FP32\",\"data\":[1]}]}", "[N, 3, 8, 8]")]
    [InlineData("{\"id\":7,\"inputs\":[]}", "'id'")]
    [InlineData("{\"parameters\":{\"a\":{}},\"inputs\":[]}", "parameter")]
    [InlineData("{\"inputs\":[]} trailing", "parse")]
    [InlineData("{\"id\":\"\\ud800\",\"inputs\":[]}", "Unicode")]
    public async Task Json_Wrong_IsToldWhat(string json, string part)
    {
        using var response = await _client.PostAsync(Path, Payload.Json(json)).Guarded();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(part, (await response.JsonAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""","outputs":[{"name":"scores"}]""", "no output 'scores'")]
    [InlineData(""","outputs":[{"name":"logits"},{"name":"logits"}]""", "2 times")]
    [InlineData(""","outputs":[{}]""", "'name'")]
    [InlineData(""","outputs":[{"name":"logits","parameters":{"classification":0}}]""", "classification")]
    [InlineData(""","outputs":[{"name":"logits","parameters":{"binary_data":"yes"}}]""", "true or false")]
    [InlineData(""","parameters":{"timeout":-1}""", "timeout")]
    [InlineData(""","parameters":{"priority":1.5}""", "priority")]
    public async Task Wishes_Wrong_AreToldWhat(string wish, string part)
    {
        using var response = await _client
            .PostAsync(Path, Payload.Json(Tensor.Json($"[{string.Join(",", Tensor.Red)}]", 1, wish)))
            .Guarded();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(part, (await response.JsonAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string?, string> Bodies =>
        new()
        {
            { Tensor.Head(1, 768), 768, "-1", "Inference-Header-Content-Length" },
            { Tensor.Head(1, 768), 768, "x", "Inference-Header-Content-Length" },
            { Tensor.Head(1, 768), 768, "99999999", "Inference-Header-Content-Length" },
            { Tensor.Head(1, 768), 768, "99999999999999999999", "Inference-Header-Content-Length" },
            { Tensor.Head(1, 768), 768, "5", "parse" },
            { Tensor.Head(1, 768), 767, null, "767 are left" },
            { Tensor.Head(1, 768), 769, null, "1 bytes follow" },
            { Tensor.Head(1, 768), 0, null, "0 are left" },
            { Tensor.Head(1, 767), 767, null, "not what its shape" },
            { Tensor.Head(2, 768), 768, null, "not what its shape" },
            { Tensor.Head(1, -1), 768, null, "binary_data_size" },
            { Tensor.Head(1, 1L << 40), 768, null, "binary_data_size" },
            {
                Tensor.Head(1, 768).Replace("\"name\"", "\"data\":" + Zeros + ",\"name\"", StringComparison.Ordinal),
                768,
                null,
                "either 'data'"
            },
            { "", 767, "0", "whole rows" },
            { "", 0, "0", "whole rows" },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Binary_Wrong_IsToldWhat(string head, int bytes, string? length, string part)
    {
        using var content = Tensor.Binary(head, [.. Row.Concat(Row).Take(bytes)], length);
        using var response = await _client.PostAsync(Path, content).Guarded();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(part, (await response.JsonAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_NumbersThatAreNone_AnswerInBinaryOnly()
    {
        var bytes = Tensor.Bytes(Tensor.Row(float.NaN, 0, 0));
        using var json = await _client.PostAsync(Path, Tensor.Binary(Tensor.Head(1, bytes.Length), bytes)).Guarded();
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        using var binary = await _client
            .PostAsync(Path, Tensor.Binary(Tensor.Head(1, bytes.Length, ""","parameters":{"binary_data_output":true}"""), bytes))
            .Guarded();
        Assert.Equal(HttpStatusCode.OK, binary.StatusCode);
    }

    [Fact]
    public async Task Body_TooLarge_Is413AndCompressedIs415()
    {
        await using var service = await Service.StartAsync(
            new() { ["Limits:MaxBodyBytes"] = "1024", ["Limits:MaxBatchBodyBytes"] = "2048" }
        );
        using var large = await service
            .Client()
            .PostAsync(Path, Tensor.Binary("", Tensor.Bytes(Tensor.Red, Tensor.Red, Tensor.Red), "0"))
            .Guarded();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var content = Payload.Json("{}");
        content.Headers.ContentEncoding.Add("gzip");
        using var compressed = await service.Client().PostAsync(Path, content).Guarded();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, compressed.StatusCode);
    }

    [Fact]
    public void Bytes_CutOrChangedAnywhere_NeverADefectAndTheServiceGoesOn()
    {
        var sound = Tensor.Head(1, 768, ""","id":"1","outputs":[{"name":"logits","parameters":{"binary_data":true}}]""");
        var whole = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(sound), .. Row];
        Prop.ForAll(
                Gen.Choose(0, 2).Zip(Gen.Choose(0, sound.Length + 60)).Zip(Gen.Choose(0, 255)).ToArbitrary(),
                made =>
                {
                    var ((kind, at), value) = made;
                    var body = kind switch
                    {
                        0 => whole[..at],
                        1 => [.. whole[..at], (byte)value, .. whole[(at + 1)..]],
                        _ => (byte[])[.. whole[..at], (byte)value, .. whole[at..]],
                    };
                    using var content = Tensor.Binary("", body, sound.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));

                    // The client refuses a 500 and any error that is not the protocol's.
                    using var response = _client.PostAsync(Path, content).Guarded().GetAwaiter().GetResult();
                    return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }
}
