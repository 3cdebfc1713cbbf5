using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>What a request costs the garbage collector once everything is warm. Runs by itself: neighbours' allocations would be counted
/// too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Collection(Name)]
public sealed class AllocationTests : IDisposable
{
    public const string Name = "Allocations";

    private const int WarmUp = 300;
    private const int Stretches = 10;
    private const int Requests = 50;

    private readonly TempModels _models = new TempModels().Colors("colors");

    public void Dispose() => _models.Dispose();

    // What is large is an array of 85,000 bytes: one a request would exceed the bound many times over, as would the image (562,500) or a
    // copy of the file.
    [Theory]
    [InlineData(1, 12_000)]
    [InlineData(10, 24_000)]
    public async Task Classify_Warm_AllocatesLittleAndNothingLarge(int crops, int mostBytes)
    {
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Decoding:ReduceLargeJpegs"] = "false" });
        var image = WarmUpImages.Jpeg.ToArray();
        await ClassifyAsync(engine, image, crops, WarmUp);

        // The least of several stretches: a collection lets pooled memory go now and then, and what every request allocates is in all of
        // them.
        var least = long.MaxValue;
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await ClassifyAsync(engine, image, crops, Requests);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests);
        }

        Assert.InRange(least, 1, mostBytes);
    }

    private static async Task ClassifyAsync(EngineHost engine, byte[] image, int crops, int times)
    {
        for (var i = 0; i < times; i++)
            Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(image, CropMode.Of(crops)));
    }
}
