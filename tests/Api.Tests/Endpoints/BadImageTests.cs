using System.Text;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

/// <summary>Every kind of awkward image that issue lists name, in all three body forms: the right status and code, never a 500.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class BadImageTests(SharedService shared)
{
    private static readonly byte[] Jpeg = TestImages.Jpeg(64, 48);

    private static readonly Dictionary<string, (byte[] Bytes, int Status, string? Code)> Images = new()
    {
        ["half a JPEG"] = (Jpeg[..(Jpeg.Length / 2)], 422, "invalid-image"),
        ["a JPEG's first 20 bytes"] = (Jpeg[..20], 422, "invalid-image"),
        ["a JPEG without its last two bytes"] = (Jpeg[..^2], 422, "invalid-image"),
        ["half a PNG"] = (TestImages.Png(64, 48)[..200], 422, "invalid-image"),
        ["a PNG with a flipped bit"] = (Flip(TestImages.Png(64, 48), 100), 422, "invalid-image"),
        ["30,000 × 30,000 pixels in a few dozen bytes"] = (TestImages.PngDeclaring(30_000, 30_000), 413, "image-too-large"),
        ["2 billion pixels wide"] = (TestImages.PngDeclaring(int.MaxValue, 1), 413, "image-too-large"),
        ["text"] = (Encoding.UTF8.GetBytes("I am a photograph, honestly."), 415, "unsupported-image"),
        ["a GIF's head"] = ([.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0], 415, "unsupported-image"),
        ["one byte"] = ([0xFF], 415, "unsupported-image"),
        ["zero bytes"] = ([], 400, "missing-image"),
        ["CMYK"] = (Fixtures.Read("decoding", "cmyk.jpg"), 200, null),
        ["YCCK"] = (Fixtures.Read("decoding", "ycck.jpg"), 200, null),
        ["16-bit PNG"] = (Fixtures.Read("decoding", "deep.png"), 200, null),
        ["16-bit grey PNG"] = (Fixtures.Read("decoding", "deep-grey.png"), 200, null),
        ["palette PNG"] = (Fixtures.Read("decoding", "palette.png"), 200, null),
        ["palette PNG with transparency"] = (Fixtures.Read("decoding", "palette-transparent.png"), 200, null),
        ["1 × 1 PNG"] = (Fixtures.Read("decoding", "one-pixel.png"), 200, null),
        ["1 × 1 JPEG"] = (Fixtures.Read("decoding", "one-pixel.jpg"), 200, null),
        ["1 × 500 PNG"] = (TestImages.Png(1, 500), 200, null),
        ["EXIF orientation 6"] = (Fixtures.Read("decoding", "orientation-6.jpg"), 200, null),
        ["EXIF orientation 3"] = (Fixtures.Read("decoding", "orientation-3.jpg"), 200, null),
        ["WebP"] = (Fixtures.Read("decoding", "lossy.webp"), 200, null),
        ["progressive JPEG"] = (Fixtures.Read("decoding", "progressive.jpg"), 200, null),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var image in Images.Keys)
            {
                foreach (var form in new[] { "multipart", "raw", "json" })
                    cases.Add(image, form);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Post_AwkwardImage_GetsTheRightStatusAndCode(string image, string form)
    {
        var (bytes, status, code) = Images[image];
        using HttpContent body = form switch
        {
            "multipart" => Payload.Form(("image", "photo.jpg", bytes)),
            "raw" => Payload.Raw(bytes, "image/jpeg"),
            _ => Payload.Base64(bytes),
        };
        using var response = await shared.Service.Client().PostAsync("/classify", body).Guarded();
        Assert.Equal(status, (int)response.StatusCode);
        if (code is not null)
            Assert.Equal(code, await response.CodeAsync());
    }

    [Fact]
    public async Task PostBatch_BadImagesBetweenGoodOnes_HarmNobody()
    {
        var parts = Images.Select(image => ("image", (string?)image.Key, image.Value.Bytes)).ToArray();
        using var response = await shared.Service.Client().PostAsync("/classify/batch", Payload.Form(parts)).Guarded();
        var items = (await response.JsonAsync()).EnumerateArray().ToArray();
        Assert.Equal(Images.Count, items.Length);
        Assert.All(
            items.Zip(Images),
            pair =>
            {
                var (item, (name, image)) = pair;
                Assert.Equal(name, item.GetProperty("fileName").GetString());
                if (image.Code is null)
                    Assert.Equal("colors", item.GetProperty("result").GetProperty("model").GetString());
                else
                    Assert.Equal(image.Code, item.GetProperty("problem").GetProperty("code").GetString());
            }
        );
    }

    private static byte[] Flip(byte[] bytes, int position)
    {
        bytes[position] ^= 1;
        return bytes;
    }
}
