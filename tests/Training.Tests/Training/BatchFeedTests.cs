using Saccade.Training.Data;
using Saccade.Training.Loop;
using Xunit;

namespace Saccade.Training.Tests.Training;

public sealed class BatchFeedTests
{
    [Fact]
    public void Take_SeveralThreads_GivesEachBatchOnceWithItsStep()
    {
        using BatchFeed feed = new(Batches(200), firstStep: 7, TimeProvider.System, CancellationToken.None);
        var taken = new List<(long Step, long Label)>[4];
        Parallel.For(
            0,
            taken.Length,
            new ParallelOptions { MaxDegreeOfParallelism = taken.Length },
            number =>
            {
                taken[number] = [];
                while (feed.Take() is var (step, batch))
                {
                    taken[number].Add((step, batch.Labels[0]));
                    batch.Dispose();
                }
            }
        );

        var all = taken.SelectMany(list => list).OrderBy(pair => pair.Step).ToList();
        Assert.Equal(Enumerable.Range(0, 200).Select(number => (number + 7L, (long)number)), all);
    }

    [Fact]
    public void Take_Cancelled_GivesNoMore()
    {
        using CancellationTokenSource cancellation = new();
        using BatchFeed feed = new(Batches(3), firstStep: 0, TimeProvider.System, cancellation.Token);
        feed.Take()!.Value.Batch.Dispose();
        cancellation.Cancel();

        Assert.Null(feed.Take());
    }

    [Fact]
    public void Take_Stopped_GivesNoMore()
    {
        using BatchFeed feed = new(Batches(3), firstStep: 0, TimeProvider.System, CancellationToken.None);
        feed.Stop();

        Assert.Null(feed.Take());
    }

    private static IEnumerable<Batch> Batches(int count)
    {
        for (var number = 0; number < count; number++)
        {
            Batch batch = new(1, 1);
            batch.Labels[0] = number;
            yield return batch;
        }
    }
}
