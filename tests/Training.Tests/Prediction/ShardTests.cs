using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

public sealed class ShardTests
{
    [Theory]
    [InlineData("0/1")]
    [InlineData("2/3")]
    [InlineData("0/1000")]
    public void Parse_Share_IsItselfAgain(string text) => Assert.Equal(text, Shard.Parse(text)!.ToString());

    [Theory]
    [InlineData("3/3")]
    [InlineData("-1/3")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("0/0")]
    [InlineData(" 0/2")]
    [InlineData("")]
    public void Parse_SomethingElse_IsNone(string text) => Assert.Null(Shard.Parse(text));

    /// <summary>Machines of different versions work on one list.</summary>
    [Theory]
    [InlineData("a.jpg", 5808250739824772026UL)]
    [InlineData("photos/grüße/0001.png", 12510423156182659240UL)]
    public void Of_Name_StaysWhatItIs(string name, ulong hash) => Assert.Equal(hash, NameHash.Of(name));

    [Fact]
    public void Holds_ManyNames_AreInOneShardEachAndEvenlySpread()
    {
        var shards = Enumerable.Range(0, 7).Select(index => new Shard(index, 7)).ToArray();
        var sizes = new int[7];
        foreach (var name in Enumerable.Range(0, 7000).Select(number => $"photos/{number:00000}.jpg"))
            sizes[Assert.Single(shards, shard => shard.Holds(name)).Index]++;

        Assert.All(sizes, size => Assert.InRange(size, 850, 1150));
    }

    [Theory]
    [InlineData("0/1", "out/x.csv", "out/x.csv")]
    [InlineData("3/8", "out/x.csv", "out/x.shard-3-of-8.jsonl")]
    [InlineData("0/2", "x.jsonl", "x.shard-0-of-2.jsonl")]
    public void FileOf_Share_IsNamedAfterIt(string shard, string result, string expected) =>
        Assert.Equal(expected, Shard.Parse(shard)!.FileOf(result));

    [Fact]
    public void NameSet_SameNamesInAnotherOrder_IsEqual()
    {
        Assert.Equal(NameSet.Of(["a", "b", "c"]), NameSet.Of(["c"]).With(NameSet.Of(["b", "a"])));
        Assert.NotEqual(NameSet.Of(["a", "b"]), NameSet.Of(["a", "c"]));
        Assert.NotEqual(NameSet.Of(["a"]), NameSet.Of(["a", "a"]));
        Assert.Equal(default, NameSet.Of([]));
    }
}
