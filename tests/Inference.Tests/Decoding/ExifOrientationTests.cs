using Saccade.Inference.Decoding;

namespace Saccade.Inference.Tests.Decoding;

public sealed class ExifOrientationTests
{
    private static readonly byte[] Sound = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void Find_BigEndianShort_IsThatOrientation() => Assert.Equal(Orientation.RotatedRight, ExifOrientation.Find(Sound));

    [Fact]
    public void Find_LittleEndianLongBehindAnotherTag_IsThatOrientation() =>
        Assert.Equal(
            Orientation.RotatedLeft,
            ExifOrientation.Find([
                .. "II*\0"u8,
                10,
                0,
                0,
                0,
                9,
                9,
                2,
                0,
                0x0F,
                1,
                2,
                0,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0x12,
                1,
                4,
                0,
                1,
                0,
                0,
                0,
                8,
                0,
                0,
                0,
            ])
        );

    [Theory]
    [InlineData(1, new byte[] { 6, 0, 0, 0 })]
    [InlineData(4, new byte[] { 0, 0, 0, 6 })]
    [InlineData(8, new byte[] { 0, 6, 0, 0 })]
    public void Find_AnyIntegerType_IsThatOrientation(byte type, byte[] value)
    {
        var block = (byte[])Sound.Clone();
        block[13] = type;
        value.CopyTo(block, 18);
        Assert.Equal(Orientation.RotatedRight, ExifOrientation.Find(block));
    }

    [Fact]
    public void Find_SeveralValuesElsewhere_IsTheFirst()
    {
        byte[] block = [.. Sound, 0, 8, 0, 1, 0, 1];
        block[17] = 3;
        block[19] = 0;
        block[21] = (byte)Sound.Length;
        Assert.Equal(Orientation.RotatedLeft, ExifOrientation.Find(block));
    }

    [Fact]
    public void Find_InvalidThenValidTag_IsTheValidOne()
    {
        byte[] entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0];
        byte[] valid = [.. entry[..9], 6, 0, 0];
        Assert.Equal(Orientation.RotatedRight, ExifOrientation.Find([.. Sound[..8], 0, 200, .. entry, .. valid]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xFF)]
    public void Find_BehindThePrefixOfJpeg_IsThatOrientation(byte padding) =>
        Assert.Equal(Orientation.RotatedRight, ExifOrientation.Find([.. "Exif\0"u8, padding, .. Sound]));

    [Fact]
    public void Find_WrongByteOrderOfTheMagicNumber_IsThatOrientation() =>
        Assert.Equal(Orientation.RotatedRight, ExifOrientation.Find([.. "MM*\0"u8, .. Sound[4..]]));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public void Find_UnknownValue_IsNone(byte value)
    {
        var block = (byte[])Sound.Clone();
        block[19] = value;
        Assert.Null(ExifOrientation.Find(block));
    }

    [Fact]
    public void Find_CutAnywhereBeforeTheValueEnds_IsNone()
    {
        for (int length = 0; length < 22; length++)
        {
            Assert.Null(ExifOrientation.Find(Sound.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Find_AnyBytesAtAll_NeverThrows()
    {
        var random = new Random(3);
        for (int round = 0; round < 20_000; round++)
        {
            var block = (byte[])Sound.Clone();
            for (int change = 0; change < 4; change++)
            {
                block[random.Next(4, block.Length)] = (byte)random.Next(256);
            }

            Orientation found = ExifOrientation.Find(block.AsSpan(0, random.Next(block.Length))) ?? Orientation.Normal;
            Assert.InRange(found, Orientation.Normal, Orientation.RotatedLeft);
        }
    }
}
