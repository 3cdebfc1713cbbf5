using Microsoft.Extensions.Options;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>What an operator may get wrong, and what is then said.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task Start_DefaultsOnly_IsValid()
    {
        await using var engine = await EngineHost.StartLoadedAsync(new() { ["Models:Path"] = TestModels.Path });

        Assert.True(engine.Catalog.IsReady);
    }

    [Theory]
    [InlineData("Models:Path", "")]
    [InlineData("Models:LoadTimeout", "00:00:00.5")]
    [InlineData("Cropping:Plans:24:Scales:0", "256")]
    [InlineData("Cropping:Plans:auto:Scales:0", "256")]
    [InlineData("Batching:MaxBatchSize", "0")]
    [InlineData("Batching:MaxBatchSize", "1025")]
    [InlineData("Batching:MaxQueueDelay", "-00:00:01")]
    [InlineData("Batching:MaxQueueDelay", "00:00:02")]
    [InlineData("Batching:QueueCapacity", "9")]
    [InlineData("Batching:QueueCapacity", "20")] // smaller than the default MaxBatchSize
    [InlineData("Batching:DefaultDeadline", "00:00:00")]
    [InlineData("Execution:Provider", "7")]
    [InlineData("Execution:Sessions", "-1")]
    [InlineData("Execution:IntraOpThreads", "257")]
    [InlineData("Execution:Niceness", "20")]
    [InlineData("Execution:DeviceIds:0", "-1")]
    [InlineData("Execution:DrainTimeout", "01:00:00")]
    public async Task Start_OneBadValue_NamesItsKey(string key, string value)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            EngineHost.StartAsync(new() { ["Models:Path"] = TestModels.Path, [key] = value })
        );

        Assert.Contains(
            error.Failures,
            failure =>
                failure.Contains(
                    key.StartsWith("Cropping", StringComparison.Ordinal)
                        ? "Cropping:Plans '"
                        : $"{key.Replace(":0", "", StringComparison.Ordinal)} ",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Start_ManyBadValues_AreReportedTogether()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() =>
            EngineHost.StartAsync(
                new()
                {
                    ["Models:Path"] = "",
                    ["Batching:MaxBatchSize"] = "0",
                    ["Batching:QueueCapacity"] = "-3",
                    ["Batching:DefaultDeadline"] = "00:00:00.010",
                    ["Batching:MaxQueueDelay"] = "00:00:00.020",
                    ["Execution:Sessions"] = "1000",
                    ["Execution:Provider"] = "Cpu",
                    ["Execution:DeviceIds:0"] = "2",
                    ["Execution:DeviceIds:1"] = "2",
                }
            )
        );

        var said = string.Join('\n', error.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures));
        foreach (
            var expected in new[]
            {
                "Models:Path must",
                "Batching:MaxBatchSize must",
                "Batching:QueueCapacity must",
                "Batching:QueueCapacity (-3)",
                "Batching:MaxQueueDelay (",
                "Execution:Sessions must",
                "must not name a device twice",
                "CUDA only",
            }
        )
        {
            Assert.Contains(expected, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_NotEvenANumber_NamesItsKey()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            EngineHost.StartAsync(new() { ["Batching:MaxBatchSize"] = "many" })
        );

        Assert.Contains("Batching:MaxBatchSize", error.Message, StringComparison.Ordinal);
    }
}
