using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class BatchPlanTests
{
    [Fact]
    public void Indexer_AnySizes_CoversAllOnceInNearlyEqualBatches() =>
        Prop.ForAll<PositiveInt, PositiveInt>(
                (images, size) =>
                {
                    BatchPlan plan = new(images.Get, size.Get);
                    var lengths = Enumerable.Range(0, plan.Count).Select(batch => plan[batch].GetOffsetAndLength(images.Get)).ToList();

                    Assert.Equal(
                        Enumerable.Range(0, images.Get),
                        lengths.SelectMany(range => Enumerable.Range(range.Offset, range.Length))
                    );
                    Assert.True(lengths.Max(range => range.Length) <= size.Get);
                    Assert.True(lengths.Max(range => range.Length) - lengths.Min(range => range.Length) <= 1);
                    Assert.Equal((images.Get + size.Get - 1) / size.Get, plan.Count);
                }
            )
            .QuickCheckThrowOnFailure();
}
