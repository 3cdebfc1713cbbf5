using System.Net;
using System.Text;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Bodies;

[Collection(SharedServiceTests.Name)]
public sealed class BodyTests(SharedService shared)
{
    private const string Part = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n";

    private readonly HttpClient _client = shared.Service.Client();

    public static TheoryData<string, string, int, string> Bad =>
        new()
        {
            { "multipart/form-data; boundary=b", $"{Part}bytes", 400, "malformed-body" },
            { "multipart/form-data; boundary=b", "", 400, "malformed-body" },
            { "multipart/form-data; boundary=b", "no boundary at all", 400, "malformed-body" },
            { "multipart/form-data; boundary=b", "--b\r\n\r\nbytes\r\n--b--\r\n", 400, "malformed-body" },
            { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: ;;;\r\n\r\nx\r\n--b--\r\n", 400, "malformed-body" },
            { "multipart/form-data; boundary=b", $"--b\r\nX: {new string('x', 20_000)}\r\n\r\nx\r\n--b--\r\n", 400, "malformed-body" },
            {
                "multipart/form-data; boundary=b",
                $"--b\r\n{string.Concat(Enumerable.Range(0, 20).Select(i => $"X{i}: 1\r\n"))}\r\nx\r\n--b--\r\n",
                400,
                "malformed-body"
            },
            { "multipart/form-data; boundary=b", "--b--\r\n", 400, "missing-image" },
            {
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b--\r\n",
                400,
                "missing-image"
            },
            { "multipart/form-data; boundary=b", $"{Part}x\r\n{Part}y\r\n--b--\r\n", 400, "several-images" },
            { "multipart/form-data", $"{Part}x\r\n--b--\r\n", 400, "malformed-body" },
            { $"multipart/form-data; boundary={new string('b', 71)}", "x", 400, "malformed-body" },
            { "application/json", "", 400, "malformed-body" },
            { "application/json", "{", 400, "malformed-body" },
            { "application/json", "[]", 400, "malformed-body" },
            { "application/json", "null", 400, "malformed-body" },
            { "application/json", "{} trailing", 400, "malformed-body" },
            { "application/json", "{\"image\":\"AAAA\"} {}", 400, "malformed-body" },
            { "application/json", "{\"image\":1}", 400, "malformed-body" },
            { "application/json", "{\"image\":null}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"A\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"AAA\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"AA=A\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"AA AA\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"A-_A\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"data:image/png;base64,AAAA\"}", 415, "unsupported-image" },
            { "application/json", "{\"image\":\"data:image/png,AAAA\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"data:image/png;base64\"}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"\\ud800\"}", 400, "malformed-body" },
            { "application/json", "{\"\\ud800\":1}", 400, "malformed-body" },
            { "application/json", "{\"image\":\"\"}", 400, "missing-image" },
            { "application/json", "{\"picture\":\"AAAA\"}", 400, "missing-image" },
            { "application/json", "{\"image\":\"AAAA\",\"image\":\"AAAA\"}", 400, "several-images" },
            { "application/json", $"{new string('[', 500)}", 400, "malformed-body" },
            { "image/png", "", 400, "missing-image" },
            { "application/octet-stream", "", 400, "missing-image" },
            { "application/x-www-form-urlencoded", "image=x", 415, "unsupported-media-type" },
            { "text/plain", "x", 415, "unsupported-media-type" },
            { "application/jsonp", "{}", 415, "unsupported-media-type" },
            { "multipart/mixed; boundary=b", "x", 415, "unsupported-media-type" },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Post_BadBody_GetsTheRightStatusAndCode(string contentType, string body, int status, string code)
    {
        using var response = await _client.PostAsync("/classify", Payload.Raw(Encoding.UTF8.GetBytes(body), contentType)).Guarded();
        Assert.Equal((status, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Post_MalformedJson_SaysWhere()
    {
        using var response = await _client.PostAsync("/classify", Payload.Json("{\n  \"image\": oops\n}")).Guarded();
        Assert.Equal("The JSON does not parse at line 2, byte 12.", (await response.JsonAsync()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Post_WrongPartName_NamesTheOnesThatCame()
    {
        using var response = await _client.PostAsync("/classify", Payload.Form(("file", "a.png", Payload.RedPng))).Guarded();
        Assert.Equal("There is no part 'image', only 'file'.", (await response.JsonAsync()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Post_NoContentType_Is415WithWhatIsRead()
    {
        using var response = await _client.PostAsync("/classify", new ByteArrayContent(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(
            "multipart/form-data, image/*, application/octet-stream, application/json",
            string.Join(", ", response.Headers.NonValidated["Accept"])
        );
    }

    [Fact]
    public async Task Post_CompressedBody_Is415()
    {
        using var body = Payload.Raw(Payload.RedPng);
        body.Headers.ContentEncoding.Add("gzip");
        using var response = await _client.PostAsync("/classify", body).Guarded();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("/classify/raw")]
    [InlineData("/classify/base64")]
    public async Task Post_CompressedBodyWhereOneFormIsRead_Is415ForItsCoding(string path)
    {
        using var body = Payload.Raw(Payload.RedPng);
        body.Headers.ContentEncoding.Add("gzip");
        using var response = await _client.PostAsync(path, body).Guarded();
        Assert.Equal("unsupported-media-type", await response.CodeAsync());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("IDENTITY")]
    public async Task Post_BodyCodedAsItself_IsRead(string coding)
    {
        using var body = Payload.Raw(Payload.RedPng);
        body.Headers.ContentEncoding.Add(coding);
        using var response = await _client.PostAsync("/classify", body).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("a=b", "a=b")]
    [InlineData("----=_Part_1/2", "----=_Part_1/2")]
    [InlineData("\"a=b\"; charset=utf-8", "a=b")]
    [InlineData("a/b; charset=utf-8", "a/b")]
    public async Task Post_BoundaryThatNeedsQuotes_IsReadWithAndWithout(string given, string boundary)
    {
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"),
            .. Payload.RedPng,
            .. Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={given}");
        using var response = await _client.PostAsync("/classify", content).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_JsonBehindAByteOrderMark_IsRead()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{{\"image\":\"{Convert.ToBase64String(Payload.RedPng)}\"}}")];
        using var response = await _client.PostAsync("/classify", Payload.Raw(json, "application/json")).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_ContentTypeInOtherCaseAndWithParameters_IsRead()
    {
        using var raw = await _client.PostAsync("/classify", Payload.Raw(Payload.RedPng, "IMAGE/X-UNKNOWN; q=1")).Guarded();
        using var json = Payload.Json($"{{\"image\":\"{Convert.ToBase64String(Payload.RedPng)}\"}}");
        json.Headers.ContentType!.MediaType = "Application/JSON";
        using var asJson = await _client.PostAsync("/classify", json).Guarded();
        Assert.Equal(HttpStatusCode.OK, raw.StatusCode);
        Assert.Equal(HttpStatusCode.OK, asJson.StatusCode);
    }

    [Fact]
    public async Task Post_BodyLargerThanTheFirstBuffer_ArrivesWhole()
    {
        // 700 × 700 × 3 bytes that hardly compress: more than a mebibyte, so every form has to grow its buffer.
        var large = TestImages.Png(TestImages.Noise(700, 700), 700, 700);
        Assert.True(large.Length > 1024 * 1024);
        foreach (
            HttpContent body in new HttpContent[]
            {
                Payload.Form(large),
                Payload.Raw(large),
                Payload.Base64(large),
                new UnknownLengthContent(large, "image/png"),
            }
        )
        {
            using var response = await _client.PostAsync("/classify", body).Guarded();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
