using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Limits;

public sealed class BodyLimitTests
{
    private const int Limit = 4096;

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Limits:MaxBodyBytes"] = $"{Limit}",
        ["Limits:MaxBatchBodyBytes"] = $"{2 * Limit}",
    };

    public static TheoryData<bool, bool> Transports =>
        new()
        {
            { false, false },
            { false, true },
            { true, false },
            { true, true },
        };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Post_BodyOverTheLimit_Is413(bool kestrel, bool chunked)
    {
        await using var service = kestrel ? await Service.ListenAsync(Settings) : await Service.StartAsync(Settings);
        var client = service.Client();
        foreach (
            var (path, contentType, limit) in new[]
            {
                ("/classify", "application/octet-stream", Limit),
                ("/classify", "application/json", Limit),
                ("/classify", "multipart/form-data; boundary=b", Limit),
                ("/classify/batch", "multipart/form-data; boundary=b", 2 * Limit),
            }
        )
        {
            using var over = await client.SendAsync(Request(path, contentType, limit + 1, chunked)).Guarded();
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, over.StatusCode);
            Assert.Equal("body-too-large", await over.CodeAsync());
            using var at = await client.SendAsync(Request(path, contentType, limit, chunked)).Guarded();
            Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, at.StatusCode);
        }
    }

    [Fact]
    public async Task Post_HugeDeclaredLength_IsRefusedBeforeTheBody()
    {
        await using var service = await Service.ListenAsync();
        using var connection = await RawConnection.OpenAsync(service);
        await connection.SendAsync(
            "POST /classify HTTP/1.1\r\nHost: test\r\nContent-Type: image/png\r\nContent-Length: 999999999999\r\n\r\n"
        );
        Assert.StartsWith("HTTP/1.1 413", await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png", false)]
    [InlineData("image/png", true)]
    [InlineData("application/json", false)]
    [InlineData("multipart/form-data; boundary=b", false)]
    public async Task Post_DeadlinePassesWhileTheBodyArrives_TheConnectionServesTheNextRequest(string contentType, bool chunked)
    {
        await using var service = await Service.ListenAsync();
        using var connection = await RawConnection.OpenAsync(service);
        var length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: 200";
        await connection.SendAsync(
            $"POST /classify?deadlineMs=100 HTTP/1.1\r\nHost: test\r\nContent-Type: {contentType}\r\n{length}\r\n\r\n"
        );
        var half = new string(' ', 100);
        await connection.SendAsync(chunked ? $"64\r\n{half}\r\n" : half);
        Assert.StartsWith("HTTP/1.1 504", await connection.ReadHeadAsync(), StringComparison.Ordinal);

        await connection.SendAsync(chunked ? $"64\r\n{half}\r\n0\r\n\r\n" : half);
        await connection.SendAsync("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadToAsync("HTTP/1.1 200 OK\r\n");
    }

    // A multipart preamble (RFC 2046) of the wanted length, blanks before JSON, or just bytes: valid so far, whatever the type.
    private static HttpRequestMessage Request(string path, string contentType, int length, bool chunked)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)' ');
        if (contentType.StartsWith("multipart", StringComparison.Ordinal))
            "--b\r\nContent-Disposition: form-data; name=image\r\n\r\n"u8.CopyTo(bytes);
        var content = Payload.Raw(bytes, contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = true;
            request.Content = new UnknownLengthContent(bytes, contentType);
        }

        return request;
    }
}
