using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class BatchLoaderTests
{
    private const int Images = 97;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Read_AnyDepth_GivesTheOrderAndEachImageOnce(int ahead)
    {
        NumberedImages source = new(Images);
        var order = SplitMix64.At(4).Permutation(Images);

        var seen = Read(source, order, ahead);

        Assert.Equal(order.Select(index => (float)index), seen.Select(item => item.Pixel));
        Assert.Equal(order.Select(index => (long)(index % 10)), seen.Select(item => item.Label));
        Assert.All(source.Loads, loads => Assert.Equal(1, loads));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_FewThreadsAndADeepQueue_PreparesNoMoreAtOnceThanThreads(int threads)
    {
        var (now, most) = (0, 0);
        BatchLoader loader = new(new NumberedImages(Images), 1, ahead: 8, TimeProvider.System, threads);
        foreach (
            var batch in loader.Read(
                [.. Enumerable.Range(0, Images)],
                new BatchPlan(Images, 10),
                (index, _, target) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref now));
                    target[0] = index;
                    Interlocked.Decrement(ref now);
                }
            )
        )
            batch.Dispose();

        Assert.InRange(most, 1, threads);
    }

    [Fact]
    public void Read_FromTheMiddle_GivesTheRestOfTheEpoch()
    {
        var order = SplitMix64.At(4).Permutation(Images);

        Assert.Equal(Read(new(Images), order, 3).Skip(new BatchPlan(Images, 10)[4].Start.Value), Read(new(Images), order, 3, first: 4));
    }

    [Fact]
    public void Read_BrokenImage_ThrowsWhenItsBatchIsDue()
    {
        NumberedImages source = new(Images) { Broken = 55 };
        var seen = 0;

        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var batch in Loader(source, 4).Read([.. Enumerable.Range(0, Images)], new BatchPlan(Images, 10), Write))
            {
                seen += batch.Labels.Length;
                batch.Dispose();
            }
        });

        Assert.Contains("55", error.Message, StringComparison.Ordinal);
        Assert.InRange(seen, 45, 55);
    }

    [Fact]
    public void Read_ConsumerLeavesEarly_NoImageIsAskedForAfterwards()
    {
        NumberedImages source = new(Images);
        foreach (var batch in Loader(source, 4).Read([.. Enumerable.Range(0, Images)], new BatchPlan(Images, 10), Write))
        {
            batch.Dispose();
            break;
        }

        // Leaving waits for what was under way, so this cannot grow any more; at most the first and four prepared batches were read.
        Assert.InRange(source.Loads.Sum(), 10, 50);
    }

    private static List<(float Pixel, long Label)> Read(NumberedImages source, int[] order, int ahead, int first = 0)
    {
        List<(float, long)> seen = [];
        foreach (var loaded in Loader(source, ahead).Read(order, new BatchPlan(Images, 10), Write, first))
        {
            using var batch = loaded;
            for (var i = 0; i < batch.Labels.Length; i++)
                seen.Add((batch.Pixels[i], batch.Labels[i]));
        }

        return seen;
    }

    private static BatchLoader Loader(NumberedImages source, int ahead) => new(source, floatsPerImage: 1, ahead, TimeProvider.System);

    private static void Write(int index, Inference.Decoding.DecodedImage image, Span<float> target) => target[0] = image.Pixels[0];
}
