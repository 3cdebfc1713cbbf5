using System.Text;
using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class ResponseHeadTests
{
    [Fact]
    public void TryParse_WithLengthAndTimings_ReadsThem()
    {
        const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nServer-Timing: total;dur=3.5, decode;dur=1\r\n\r\n";

        var parsed = ResponseHead.TryParse(Encoding.ASCII.GetBytes(Head + "the body"));

        Assert.Equal(new ResponseHead(Head.Length, 200, 12, Closes: false, "total;dur=3.5, decode;dur=1"), parsed);
    }

    [Theory]
    [InlineData("transfer-encoding: chunked\r\n", null, false)]
    [InlineData("CONTENT-LENGTH: 0\r\nconnection: close\r\n", 0L, true)]
    public void TryParse_OfAnyCase_KnowsHowTheBodyEnds(string headers, long? length, bool closes)
    {
        var parsed = ResponseHead.TryParse(Encoding.ASCII.GetBytes($"HTTP/1.1 429 Too Many Requests\r\n{headers}\r\n"))!;

        Assert.Equal((429, length, closes), (parsed.Status, parsed.BodyLength, parsed.Closes));
    }

    [Fact]
    public void TryParse_OfAnyPartOfAHead_IsNotYetOne()
    {
        const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

        Assert.All(Enumerable.Range(0, Head.Length), length => Assert.Null(ResponseHead.TryParse(Encoding.ASCII.GetBytes(Head[..length]))));
        Assert.NotNull(ResponseHead.TryParse(Encoding.ASCII.GetBytes(Head)));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public void TryParse_OfWhatCannotBeFollowed_Throws(string received) =>
        Assert.Throws<InvalidDataException>(() => ResponseHead.TryParse(Encoding.ASCII.GetBytes(received)));
}
