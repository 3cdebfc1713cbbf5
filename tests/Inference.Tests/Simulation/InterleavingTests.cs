using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Simulation;

/// <summary>Single crops among a stream of requests of 144.</summary>
public sealed class InterleavingTests
{
    private const double Allowed = 30;

    /// <summary>However many large requests wait, no batch has a crop of theirs while a single waits: it is in the next batch that any
    /// session takes.</summary>
    [Theory]
    [InlineData("accelerator", 0.3)]
    [InlineData("accelerator", 0.01)]
    [InlineData("two cores", 0.3)]
    [InlineData("two cores", 0.05)]
    public void Play_SinglesAmongRequestsOf144_NoBatchPassesThem(string on, double share)
    {
        var device = on == "accelerator" ? Device.Accelerator : Device.TwoCores;
        var random = new Random(1);
        var duration = 40 * 144 / device.Capacity;

        // As much in large requests as the device can do, and singles on top.
        var large = Enumerable.Range(0, 40).Select(i => new Arrival(i * 144 / device.Capacity, 144, Allowed));
        var singles = Workload.Poisson(seed: 5, share * device.Capacity, duration, Allowed);
        using var pool = new SimulatedPool(device, seed: 6);
        var passed = new Dictionary<PendingRequest, int>();
        pool.Entered = request =>
        {
            if (request.Crops.Length == 1)
                passed.Add(request, 0);
        };
        var worst = 0;
        pool.Taken = crops =>
        {
            foreach (var crop in crops)
            {
                if (passed.Remove(crop.Request, out var batches))
                    worst = Math.Max(worst, batches);
            }

            if (crops.Any(crop => crop.Request.Crops.Length > 1))
            {
                foreach (var waiting in passed.Keys)
                    passed[waiting]++;
            }
        };

        var tally = pool.Play(large.Concat(singles).OrderBy(arrival => arrival.At));

        Assert.Equal(0, worst);
        Assert.True(passed.Count == 0 && tally.InTime > 0.9 * tally.Offered, $"{tally.InTime} of {tally.Offered}");

        // One run to wait for and one of its own; a run may take three times as long as usual (see Device).
        var longest = 3.3 * device.Cost.Seconds(device.LargestBatch);
        Assert.True(tally.SingleP99 <= 2 * longest, $"p99 {tally.SingleP99} s, a run at most {longest} s");
    }

    /// <summary>A large request is not starved by singles that alone would fill the device: it takes its turns and ends in time.</summary>
    [Fact]
    public void Play_SinglesFillTheDevice_LargeRequestStillEndsInTime()
    {
        var device = Device.TwoCores;
        var singles = Workload.Poisson(seed: 7, device.Capacity, duration: 40, Allowed);
        using var pool = new SimulatedPool(device, seed: 8);
        PendingRequest? large = null;
        pool.Entered = request => large = request.Crops.Length > 1 ? request : large;

        pool.Play(singles.Prepend(new Arrival(0, 144, Allowed)));

        Assert.Equal(CropFate.Answered, large!.Fate);
    }
}
