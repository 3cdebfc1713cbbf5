using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class IdxFileTests
{
    [Fact]
    public void Read_WhatWriteWrote_IsTheSame()
    {
        using TempFolder folder = new();
        var written = new IdxFile([2, 3, 4], [.. Enumerable.Range(0, 24).Select(value => (byte)(value * 10))]);
        using (var file = File.Create(folder["a"]))
            written.Write(file);

        var read = IdxFile.Read(folder["a"], rank: 3);

        Assert.Equal([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4], File.ReadAllBytes(folder["a"])[..16]);
        Assert.Equal(written.Shape, read.Shape);
        Assert.Equal(written.Data, read.Data);
    }

    [Theory]
    [InlineData("", "too short")]
    [InlineData("00000801", "too short")]
    [InlineData("0000080100000003010203", null)]
    [InlineData("00000801000000030102", "needs 3")]
    [InlineData("000008010000000301020304", "needs 3")]
    [InlineData("00000803000000030102030405060708", "not an IDX file of bytes with 1")]
    [InlineData("00000D0100000003010203", "not an IDX file of bytes")]
    [InlineData("1F8B080100000003010203", "not an IDX file of bytes")]
    [InlineData("00000801FFFFFFFF010203", "impossible dimensions")]
    [InlineData("000008017FFFFFFF010203", "")]
    [InlineData("0000080100000000", "impossible dimensions")]
    public void Read_Bytes_AreTakenOrRefusedInOneSentence(string hex, string? complaint)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["labels"], Convert.FromHexString(hex));

        if (complaint is null)
        {
            Assert.Equal([1, 2, 3], IdxFile.Read(folder["labels"], rank: 1).Data);
            return;
        }

        var error = Assert.Throws<InvalidDataException>(() => IdxFile.Read(folder["labels"], rank: 1));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
