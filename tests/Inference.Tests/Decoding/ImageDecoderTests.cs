using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

public sealed class ImageDecoderTests
{
    /// <summary>Every encoded fixture with the size and rows that Pillow decodes from it.</summary>
    public static TheoryData<JpegDecoder, string> Fixture
    {
        get
        {
            var data = new TheoryData<JpegDecoder, string>();
            foreach (string expected in Fixtures.List("decoding", "*.rgb"))
            {
                data.Add(JpegDecoder.LibjpegTurbo, expected);
                data.Add(JpegDecoder.ImageSharp, expected);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Fixture))]
    public void Decode_EveryKind_IsWhatPillowReads(JpegDecoder decoder, string expectedName)
    {
        string[] parts = expectedName.Split('.');
        string name = $"{parts[0]}.{parts[1]}";
        DecodeResult result = Decoders.Create(decoder).Decode(Fixtures.Read("decoding", name));

        Assert.True(result.Succeeded, result.Detail);
        using DecodedImage image = result.Image;
        Assert.Equal(parts[2], $"{image.Width}x{image.Height}");
        int worst = Difference.Largest(Fixtures.Read("decoding", expectedName), image.Pixels);
        Assert.InRange(worst, 0, Tolerance(decoder, name));
    }

    [Fact]
    public void Decode_DeepGreyPng_RedEqualsGreenEqualsBlue()
    {
        using DecodedImage image = Decoders.Create().Decode(Fixtures.Read("decoding", "deep-grey.png")).Image!;
        Assert.All(image.Pixels.ToArray().Chunk(3), pixel => Assert.True(pixel[0] == pixel[1] && pixel[1] == pixel[2]));
    }

    [Fact]
    public void JpegDecoderName_SaysWhichWasChosen()
    {
        Assert.Equal("libjpeg-turbo", Decoders.Create(JpegDecoder.LibjpegTurbo).JpegDecoderName);
        Assert.Equal("ImageSharp", Decoders.Create(JpegDecoder.ImageSharp).JpegDecoderName);
    }

    [Fact]
    public void Create_SaysOnceWhatDecodesJpeg()
    {
        var lines = new List<string>();
        var decoder = new ImageDecoder(Options.Create(new DecodingOptions()), new ListLogger(lines));
        decoder.Decode(Fixtures.Read("decoding", "grey.jpg")).Image!.Dispose();
        decoder.Decode(Fixtures.Read("decoding", "grey.png")).Image!.Dispose();
        Assert.Equal(["Information: JPEG is decoded by libjpeg-turbo"], lines);
    }

    [Fact]
    public void Decode_ManyThreadsAtOnce_AllGetTheSame()
    {
        ImageDecoder decoder = Decoders.Create(JpegDecoder.LibjpegTurbo);
        byte[] expected = Fixtures.Read("decoding", "orientation-6.jpg.26x37.rgb");
        byte[] good = Fixtures.Read("decoding", "orientation-6.jpg");
        Parallel.For(
            0,
            400,
            i =>
            {
                // Every other file is damaged: a refusal must not disturb its neighbours.
                byte[] encoded = i % 2 == 0 ? good : [.. good[..^300], .. good[^2..]];
                DecodeResult result = decoder.Decode(encoded);
                Assert.Equal(i % 2 == 0, result.Succeeded);
                if (result.Succeeded)
                {
                    Assert.True(result.Image.Pixels.SequenceEqual(expected));
                    result.Image.Dispose();
                }
            }
        );
    }

    /// <summary>
    /// libjpeg-turbo is what Pillow decodes with; CMYK differs by how the product is rounded. Another decoder may round its
    /// transform differently, and interpolate coarse chroma differently. Lossless formats leave no freedom.
    /// </summary>
    private static int Tolerance(JpegDecoder decoder, string name) =>
        name switch
        {
            _ when !name.EndsWith(".jpg", StringComparison.Ordinal) => name is "lossy.webp" or "alpha-lossy.webp" or "partitions.webp"
                ? 3
                : 0,
            "cmyk.jpg" or "ycck.jpg" => decoder == JpegDecoder.LibjpegTurbo ? 1 : 4,
            "subsampled.jpg" => decoder == JpegDecoder.LibjpegTurbo ? 0 : 24,
            _ => decoder == JpegDecoder.LibjpegTurbo ? 0 : 3,
        };

    private sealed class ListLogger(List<string> lines) : ILogger<ImageDecoder>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
