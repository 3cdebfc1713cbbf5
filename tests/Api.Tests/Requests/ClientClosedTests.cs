using Microsoft.Extensions.Logging;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Requests;

public sealed class ClientClosedTests
{
    [Fact]
    public async Task HangUp_InTheBody_IsCountedAndNoError()
    {
        await using var service = await Service.ListenAsync();
        using var refusals = new CounterProbe(service, "saccade.http.refusals");
        using (var connection = await RawConnection.OpenAsync(service))
        {
            await connection.SendAsync(
                "POST /classify HTTP/1.1\r\nHost: test\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\nhalf"
            );
            await service.InsideAsync(1);
        }

        await AssertClosedAsync(service, refusals);
    }

    [Fact]
    public async Task HangUp_WaitingForTheModel_IsCountedAndNoError()
    {
        await using var service = await Service.ListenAsync(configure: GatedModel.Create(out var session));
        using var refusals = new CounterProbe(service, "saccade.http.refusals");
        session.Hold();
        using (var connection = await RawConnection.OpenAsync(service))
        {
            await connection.SendAsync(
                $"POST /classify HTTP/1.1\r\nHost: test\r\nContent-Type: image/png\r\nContent-Length: {Payload.RedPng.Length}\r\n\r\n"
            );
            await connection.SendAsync(Payload.RedPng);
            await session.NextRunAsync();
        }

        await AssertClosedAsync(service, refusals);
        session.Open();
    }

    [Fact]
    public async Task SlowBody_PastTheDeadline_Is504()
    {
        await using var service = await Service.ListenAsync();
        using var connection = await RawConnection.OpenAsync(service);
        await connection.SendAsync(
            "POST /classify?deadlineMs=100 HTTP/1.1\r\nHost: test\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\nhalf"
        );
        Assert.StartsWith("HTTP/1.1 504", await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    private static async Task AssertClosedAsync(Service service, CounterProbe refusals)
    {
        var line = await service.Logs.FirstAsync("RequestRefused");
        Assert.Contains("POST /classify: 499 client-closed-request", line.Message, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Debug, line.Level);
        Assert.DoesNotContain(service.Logs.Entries, entry => entry.Level >= LogLevel.Error);
        Assert.Equal(1, refusals.Sum("code", "client-closed-request"));
    }
}
