using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Startup;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Startup;

public sealed class ReceiveBlocksTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65536)]
    [InlineData(1_000_000)]
    public void Rent_AnySize_HoldsAUsualImageAndWhatIsAskedFor(int asked)
    {
        using var pool = new ReceiveBlocks().Create();

        using var block = pool.Rent(asked);

        Assert.True(block.Memory.Length >= Math.Max(asked, 57_552));
        Assert.True(asked <= pool.MaxBufferSize);
    }

    [Fact]
    public void Dispose_OfOneServersPool_LeavesOthersWorking()
    {
        var blocks = new ReceiveBlocks();
        using var other = blocks.Create();
        var block = other.Rent();

        blocks.Create().Dispose();

        block.Memory.Span.Fill(1);
        Assert.False(block.Memory.Span.ContainsAnyExcept((byte)1));
        block.Dispose();
    }

    [Fact]
    public async Task Server_AskedForItsMemory_TakesTheseBlocks()
    {
        await using var service = await Service.StartAsync();

        Assert.IsType<ReceiveBlocks>(service.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }
}
