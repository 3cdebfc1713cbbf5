using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Bundles;

public sealed class CropModeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("10", 10)]
    [InlineData("144", 144)]
    [InlineData("1000", 1000)]
    public void TryParse_Number_IsThatPlanAndWrittenTheSame(string text, int crops)
    {
        Assert.True(CropMode.TryParse(text, out var mode));
        Assert.Equal((CropMode.Of(crops), crops, false, text), (mode, mode.Crops, mode.IsAuto, mode.ToString()));
    }

    [Fact]
    public void TryParse_Auto_HasNoNumber()
    {
        Assert.True(CropMode.TryParse("auto", out var mode));
        Assert.Equal((CropMode.Auto, true, "auto"), (mode, mode.IsAuto, mode.ToString()));
        Assert.Throws<InvalidOperationException>(() => mode.Crops);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1001")]
    [InlineData("Auto")]
    [InlineData("١")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(CropMode.TryParse(text, out _));

    [Fact]
    public void Default_IsOneLook() => Assert.Equal((CropMode.Single, 1), (default, default(CropMode).Crops));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Of_OutOfRange_Throws(int crops) => Assert.Throws<ArgumentOutOfRangeException>(() => CropMode.Of(crops));
}
