using Xunit.Abstractions;

namespace Saccade.Inference.Tests.Simulation;

/// <summary>
/// Requests answered in time, of those offered, by the real scheduler and by first come, first served with a fixed delay, on the same
/// arrivals and the same device. The table in docs/results.md is this test's output.
/// </summary>
public sealed class GoodputTests(ITestOutputHelper output)
{
    // Offered load as a share of what the device can do in full batches; deadlines are some ten runs long.
    [Theory]
    [InlineData("Poisson", "accelerator", 0.9)]
    [InlineData("Poisson", "accelerator", 2)]
    [InlineData("bursty", "accelerator", 0.9)]
    [InlineData("bursty", "accelerator", 2)]
    [InlineData("mixed crops", "accelerator", 0.9)]
    [InlineData("mixed crops", "accelerator", 2)]
    [InlineData("Poisson", "two cores", 0.9)]
    [InlineData("Poisson", "two cores", 2)]
    [InlineData("bursty", "two cores", 0.9)]
    [InlineData("bursty", "two cores", 2)]
    [InlineData("mixed crops", "two cores", 0.9)]
    [InlineData("mixed crops", "two cores", 2)]
    public void Play_LoadShape_MoreIsAnsweredInTimeThanFirstComeFirstServed(string shape, string on, double load)
    {
        var device = on == "accelerator" ? Device.Accelerator : Device.TwoCores;
        var rate = load * device.Capacity;
        var allowed = 10 * device.Cost.Seconds(device.LargestBatch);
        var duration = 4000 / device.Capacity;
        var workload = shape switch
        {
            "Poisson" => Workload.Poisson(seed: 1, rate, duration, allowed),
            "bursty" => Workload.Bursty(seed: 2, rate, duration, allowed),
            _ => Workload.MixedCrops(seed: 3, rate, 3 * duration, allowed),
        };

        using var pool = new SimulatedPool(device, seed: 4);
        var ours = pool.Play(workload);
        var fifo = new FifoPool(device, seed: 4, delay: device.Cost.Seconds(1) / 2, dropsLate: false).Play(workload);
        var dropping = new FifoPool(device, seed: 4, delay: device.Cost.Seconds(1) / 2, dropsLate: true).Play(workload);

        output.WriteLine(ours.Row($"{shape}, {load:P0}, {on}: Saccade"));
        output.WriteLine(fifo.Row($"{shape}, {load:P0}, {on}: FIFO"));
        output.WriteLine(dropping.Row($"{shape}, {load:P0}, {on}: FIFO, late ones dropped"));
        Assert.Equal(0, ours.Late);
        Assert.True(
            ours.InTime >= fifo.InTime && ours.InTime >= dropping.InTime,
            $"{ours.InTime} in time, against {fifo.InTime} and {dropping.InTime}"
        );
        if (load > 1)
            Assert.True(ours.InTime > 1.05 * dropping.InTime, $"{ours.InTime} in time, against {dropping.InTime}");
        Assert.True(
            ours.Expired <= 0.05 * (ours.InTime + ours.Expired),
            $"{ours.Expired} promises of {ours.InTime + ours.Expired} were broken"
        );
    }
}
