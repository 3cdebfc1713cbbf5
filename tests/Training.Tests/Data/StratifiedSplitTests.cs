using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class StratifiedSplitTests
{
    [Fact]
    public void Split_AnyLabels_TakesEachItemOnceAndEachClassItsShare() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                var labels = bytes.Select(value => value % 4).ToArray();

                var (train, heldOut) = StratifiedSplit.Split(labels, count => count / 3, seed: 9);

                Assert.Equal(Enumerable.Range(0, labels.Length), train.Concat(heldOut).Order());
                foreach (var group in labels.GroupBy(label => label))
                    Assert.Equal(group.Count() / 3, heldOut.Count(index => labels[index] == group.Key));
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Split_AnotherSeed_IsAnotherSplit()
    {
        var labels = new int[100];

        Assert.NotEqual(StratifiedSplit.Split(labels, _ => 10, 1).HeldOut, StratifiedSplit.Split(labels, _ => 10, 2).HeldOut);
    }

    /// <summary>Every published figure rests on this split: if the hash changes, they no longer say what they said.</summary>
    [Fact]
    public void FashionMnist_SplitIndices_NeverChange()
    {
        var (train, heldOut) = FashionMnist.SplitIndices();

        Assert.Equal(60_000, train.Length);
        Assert.Equal(10_000, heldOut.Length);
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(1_000, heldOut.Count(index => index / 7_000 == label)));
        Assert.Equal(
            "12783a6b8212c7d8d37c5987a4cb1bb37216ec9c3d8b7908357ff21f2b2db552",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>([.. train, .. heldOut])))
        );
    }
}
