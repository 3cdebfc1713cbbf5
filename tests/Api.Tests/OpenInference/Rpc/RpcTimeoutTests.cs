using Microsoft.AspNetCore.Http;
using Saccade.Api.OpenInference.Rpc;

namespace Saccade.Api.Tests.OpenInference.Rpc;

public sealed class RpcTimeoutTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    [Theory]
    [InlineData("5H", 5 * TimeSpan.TicksPerHour)]
    [InlineData("5M", 5 * TimeSpan.TicksPerMinute)]
    [InlineData("5S", 5 * TimeSpan.TicksPerSecond)]
    [InlineData("5m", 5 * TimeSpan.TicksPerMillisecond)]
    [InlineData("99999999u", 99_999_999 * TimeSpan.TicksPerMicrosecond)]
    [InlineData("250n", 3)]
    [InlineData("1n", 1)]
    [InlineData("99999999H", TimeSpan.TicksPerDay)]
    public void Of_Timeout_IsReadToTheUnitAndNotBeyondTheLongest(string text, long ticks) =>
        Assert.Equal(TimeSpan.FromTicks(ticks), Of(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-5S")]
    [InlineData("5 S")]
    [InlineData("0S")]
    [InlineData("5s")]
    [InlineData("100000000n")]
    [InlineData("5S", "6S")]
    public void Of_NoTimeout_IsNull(params string[] values) => Assert.Null(Of(values));

    private static TimeSpan? Of(params string[] values) => RpcTimeout.Of(new HeaderDictionary { ["grpc-timeout"] = values }, Longest);
}
