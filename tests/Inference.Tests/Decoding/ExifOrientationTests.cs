using Saccade.Inference.Decoding;

namespace Saccade.Inference.Tests.Decoding;

public sealed class ExifOrientationTests
{
    private static readonly byte[] Sound = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void Read_BigEndianShort_IsThatOrientation() => Assert.Equal(Orientation.RotatedRight, ExifOrientation.Read(Sound));

    [Fact]
    public void Read_LittleEndianLongBehindAnotherTag_IsThatOrientation() => Assert.Equal(
        Orientation.RotatedLeft,
        ExifOrientation.Read([.. "II*\0"u8, 10, 0, 0, 0, 9, 9, 2, 0, 0x0F, 1, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x12, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0]));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public void Read_UnknownValue_IsNormal(byte value)
    {
        var block = (byte[])Sound.Clone();
        block[19] = value;
        Assert.Equal(Orientation.Normal, ExifOrientation.Read(block));
    }

    [Fact]
    public void Read_CutAnywhereBeforeTheValueEnds_IsNormal()
    {
        for (int length = 0; length < 22; length++)
        {
            Assert.Equal(Orientation.Normal, ExifOrientation.Read(Sound.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Read_AnyBytesAtAll_NeverThrows()
    {
        var random = new Random(3);
        for (int round = 0; round < 20_000; round++)
        {
            var block = (byte[])Sound.Clone();
            for (int change = 0; change < 4; change++)
            {
                block[random.Next(4, block.Length)] = (byte)random.Next(256);
            }

            Assert.InRange(ExifOrientation.Read(block.AsSpan(0, random.Next(block.Length))), Orientation.Normal, Orientation.RotatedLeft);
        }
    }
}
