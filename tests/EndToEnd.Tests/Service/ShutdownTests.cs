using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Service;

[Collection(PublishedServiceCollection.Name)]
public sealed class ShutdownTests(PublishedService published)
{
    [Fact]
    public async Task Terminate_UnderLoad_AnswersEveryAcceptedRequest()
    {
        await using var service = await published.StartReadyAsync();
        await using var load = TrackedLoad.Start(service.Address, Samples.One, clients: 16, endAtRefusal: true);

        await load.AnswersAsync(100);
        service.Process.Terminate();
        await load.AllLeftAsync();

        Assert.Equal(0, await service.Process.WaitForExitAsync(TimeSpan.FromMinutes(1)));
        Assert.Empty(load.Lost);
        Assert.Equal(16, load.Refused);
    }

    [Fact]
    public async Task Terminate_Idle_EndsWithSuccess()
    {
        await using var service = await published.StartReadyAsync();

        service.Process.Terminate();

        Assert.Equal(0, await service.Process.WaitForExitAsync(TimeSpan.FromMinutes(1)));
    }
}
