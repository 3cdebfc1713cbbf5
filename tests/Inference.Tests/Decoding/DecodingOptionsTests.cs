using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Tests.Decoding;

public sealed class DecodingOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreSoundAndTakeAFiftyMegapixelPhotograph()
    {
        var options = new DecodingOptions();
        Assert.True(Validate(options).Succeeded);
        Assert.True(options.MaxImagePixels >= 50_000_000 && options.MaxImageSide >= 8192);
    }

    [Theory]
    [InlineData(0, 100, nameof(DecodingOptions.MaxImagePixels))]
    [InlineData(300_000_000, 100, nameof(DecodingOptions.MaxImagePixels))]
    [InlineData(100, 0, nameof(DecodingOptions.MaxImageSide))]
    [InlineData(100, 65_536, nameof(DecodingOptions.MaxImageSide))]
    public void Validate_OutOfRange_NamesTheOption(int pixels, int side, string option)
    {
        ValidateOptionsResult result = Validate(new DecodingOptions { MaxImagePixels = pixels, MaxImageSide = side });
        Assert.True(result.Failed);
        Assert.Contains(option, result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_UnknownDecoder_Fails() => Assert.True(Validate(new DecodingOptions { JpegDecoder = (JpegDecoder)7 }).Failed);

    private static ValidateOptionsResult Validate(DecodingOptions options) =>
        new DataAnnotationValidateOptions<DecodingOptions>(Options.DefaultName).Validate(Options.DefaultName, options);
}
