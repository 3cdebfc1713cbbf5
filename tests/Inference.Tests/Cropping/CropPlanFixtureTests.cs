using System.Globalization;
using System.Security.Cryptography;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Cropping;

/// <summary>Every crop of every plan, pixel for pixel, against what a script makes with Pillow alone
/// (tests/fixtures/make_crop_fixtures.py).</summary>
public sealed class CropPlanFixtureTests
{
    private static readonly Dictionary<string, CropPlanSpec> Plans = new(StringComparer.Ordinal)
    {
        ["5"] = new()
        {
            Scales = [256],
            Views = 5,
            Mirror = false,
        },
        ["18"] = new()
        {
            Scales = [240, 300, 448],
            Squares = 3,
            Views = 1,
        },
    };

    public static TheoryData<string> PillowResults => [.. Fixtures.List("crops", "*.txt")];

    [Theory]
    [MemberData(nameof(PillowResults))]
    public void WriteCrop_EveryCropOfThePlan_EqualsPillows(string name)
    {
        string[] parts = Path.GetFileNameWithoutExtension(name).Split('-');
        int[] size = [.. parts[0].Split('x').Select(Number)];
        int side = Number(parts[1]);
        var input = new ManifestInput("input", InputType.UInt8, InputLayout.Nhwc, side, side);
        var preprocessing = new ManifestPreprocessing(
            side,
            side,
            Enum.Parse<Interpolation>(parts[3], ignoreCase: true),
            ChannelOrder.Rgb,
            1,
            [0, 0, 0],
            [1, 1, 1]
        )
        {
            CropPlans = Plans,
        };
        using var image = new DecodedImage(TestImages.Noise(size[0], size[1]), size[0], size[1]);

        using var crops = new PreparedCrops(
            image,
            CropPlan.Create(CropMode.Of(Number(parts[2])), image, input, preprocessing),
            input,
            preprocessing
        );

        string[] expected = System
            .Text.Encoding.ASCII.GetString(Fixtures.Read("crops", name))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, Enumerable.Range(0, crops.Count).Select(Digest));

        string Digest(int crop)
        {
            var pixels = new byte[crops.CropLength];
            crops.WriteCrop(crop, pixels);
            return Convert.ToHexStringLower(SHA256.HashData(pixels))[..16];
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
