using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;

namespace Saccade.Bench.Ceiling;

/// <summary>What the engine's own code takes for one image on one thread.</summary>
/// <param name="JpegDecoder">What decoded.</param>
/// <param name="DecodeMs">From bytes to pixels.</param>
/// <param name="PreprocessMs">From pixels to the input tensor of one crop.</param>
public sealed record StageCosts(string JpegDecoder, double DecodeMs, double PreprocessMs)
{
    private const int WarmUps = 50;

    /// <summary>Medians over a stretch of time.</summary>
    /// <exception cref="InvalidDataException">The image does not decode.</exception>
    public static StageCosts Measure(byte[] image, ModelManifest manifest, TimeSpan duration)
    {
        var decoder = new ImageDecoder(Options.Create(new DecodingOptions()), NullLogger<ImageDecoder>.Instance);
        var minShorterSide = CropPlan.MinShorterSide(CropMode.Single, manifest.Input, manifest.Preprocessing);
        var (floats, bytes) = (
            new float[3 * manifest.Input.Height * manifest.Input.Width],
            new byte[3 * manifest.Input.Height * manifest.Input.Width]
        );
        var time = TimeProvider.System;
        var decode = new List<double>();
        var preprocess = new List<double>();
        var began = time.GetTimestamp();
        for (var i = 0; i < WarmUps || time.GetElapsedTime(began) < duration; i++)
        {
            var start = time.GetTimestamp();
            var result = decoder.Decode(image, minShorterSide);
            if (!result.Succeeded)
                throw new InvalidDataException($"The image does not decode: {result.Detail}");
            using var pixels = result.Image;
            var decoded = time.GetTimestamp();
            var plan = CropPlan.Create(CropMode.Single, pixels, manifest.Input, manifest.Preprocessing);
            using (var crops = new PreparedCrops(pixels, plan, manifest.Input, manifest.Preprocessing))
            {
                if (manifest.Input.Type == InputType.UInt8)
                    crops.WriteCrop(0, bytes);
                else
                    crops.WriteCrop(0, floats);
            }

            if (i < WarmUps)
                continue;
            decode.Add(time.GetElapsedTime(start, decoded).TotalMilliseconds);
            preprocess.Add(time.GetElapsedTime(decoded).TotalMilliseconds);
        }

        return new StageCosts(decoder.JpegDecoderName, Median.Of(decode), Median.Of(preprocess));
    }
}
