using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tests.Execution.Sessions;

namespace Saccade.Inference.Tests.Scheduling;

/// <summary>The waiting crops against a sorted list, through random histories.</summary>
public sealed class WaitingCropsTests
{
    private static readonly FlatCrops Source = new(0);

    [Fact]
    public void AnyHistory_BehavesLikeASortedList() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var (waiting, model, gone) = (new WaitingCrops(), new List<PendingCrop>(), new List<PendingCrop>());
                    for (var step = 0; step < 150; step++)
                    {
                        if (model.Count == 0 || random.Next(5) < 3)
                        {
                            var crop = Crop(urgency: random.Next(40), dueAt: random.Next(1000), enqueuedAt: step);
                            waiting.Add(crop);
                            model.Add(crop);
                        }
                        else
                        {
                            var crop = random.Next(2) == 0 ? Sorted(model)[0] : model[random.Next(model.Count)];
                            Assert.True(waiting.Remove(crop));
                            model.Remove(crop);
                            gone.Add(crop);
                        }

                        AssertSame(waiting, model, random.Next(45));
                    }

                    Assert.All(gone, crop => Assert.False(waiting.Remove(crop)));
                    Assert.Equal(Sorted(model), Drain(waiting));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Restore_TakenByMistake_ComesBackBeforeEqualsThatCameLater()
    {
        var waiting = new WaitingCrops();
        var (first, second) = (Crop(urgency: 5), Crop(urgency: 5));
        waiting.Add(first);
        waiting.Add(second);
        waiting.Remove(first);

        waiting.Restore(first);

        Assert.Equal([first, second], Drain(waiting));
    }

    private static void AssertSame(WaitingCrops waiting, List<PendingCrop> model, int urgency)
    {
        Assert.Equal(model.Count, waiting.Count);
        Assert.Equal(model.Count(crop => crop.Urgency <= urgency), waiting.CountAhead(urgency));
        if (model.Count == 0)
        {
            Assert.False(waiting.TryPeek(out _));
            return;
        }

        Assert.True(waiting.TryPeek(out var first));
        Assert.Same(Sorted(model)[0], first);
        Assert.Equal(Sorted(model), Enumerable.Range(0, waiting.Count).Select(place => waiting[place]));
        Assert.Equal(model.Min(crop => crop.Request.DueAt), waiting.EarliestDueAt);
        Assert.Equal(model.Min(crop => crop.Request.EnqueuedAt), waiting.OldestEnqueuedAt);
    }

    private static List<PendingCrop> Sorted(List<PendingCrop> crops) =>
        [.. crops.OrderBy(crop => crop.Urgency).ThenBy(crop => crop.Sequence)];

    private static List<PendingCrop> Drain(WaitingCrops waiting)
    {
        var order = new List<PendingCrop>();
        while (waiting.TryPeek(out var crop))
        {
            waiting.Remove(crop);
            order.Add(crop);
        }

        return order;
    }

    private static PendingCrop Crop(long urgency, long dueAt = 0, long enqueuedAt = 0)
    {
        var crop = new PendingRequest(1, classes: 1, Source, dueAt) { EnqueuedAt = enqueuedAt }.Crops[0];
        crop.Urgency = urgency;
        return crop;
    }
}
