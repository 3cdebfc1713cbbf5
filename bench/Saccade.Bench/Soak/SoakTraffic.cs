using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using Saccade.Bench.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Bench.Soak;

/// <summary>The requests of a soak.</summary>
internal static class SoakTraffic
{
    private const int ImagesOfABatch = 8;

    private static readonly byte[] Photo = SyntheticPhoto.Jpeg(500, 375);
    private static readonly byte[] LargePhoto = SyntheticPhoto.Jpeg(3000, 2000);
    private static readonly byte[] LargePng = Png(SyntheticPhoto.Jpeg(1500, 1000));
    private static readonly byte[] HugePng = HeaderOfPng(100_000, 100_000);

    /// <summary>What a service is for: each must be answered with 200, or with 429 when there is too much.</summary>
    public static HttpRequestMessage Good(Random random) =>
        random.Next(10) switch
        {
            0 => Image("?crops=10", Photo),
            1 => Image("?crops=auto", Photo),
            2 => Batch(),
            3 => Image("", LargePhoto),
            4 => Image("", LargePng),
            _ => Image("", Photo),
        };

    /// <summary>What must be refused, or is damaged and may be: anything but 500 will do.</summary>
    public static HttpRequestMessage Bad(Random random) =>
        random.Next(8) switch
        {
            0 => Image("", Damaged(Photo, random)),
            1 => Image("", Damaged(LargePng, random)),
            2 => Image("", HugePng),
            3 => Image("", "no image"u8.ToArray()),
            4 => Image("?crop=10", Photo),
            5 => Image("?deadlineMs=1&crops=144", Photo),
            6 => Image("?model=nobody", Photo),
            _ => Form(Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n")),
        };

    private static HttpRequestMessage Image(string query, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new(HttpMethod.Post, "/classify" + query) { Content = content };
    }

    private static HttpRequestMessage Form(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        return new(HttpMethod.Post, "/classify") { Content = content };
    }

    private static HttpRequestMessage Batch()
    {
        var form = new MultipartFormDataContent();
#pragma warning disable CA2000 // The form's.
        for (var i = 0; i < ImagesOfABatch; i++)
            form.Add(new ByteArrayContent(Photo), "image", $"{i}.jpg");
#pragma warning restore CA2000
        return new(HttpMethod.Post, "/classify/batch") { Content = form };
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        var damaged = whole[..random.Next(1, whole.Length + 1)];
        for (var flips = random.Next(4); flips > 0; flips--)
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
        return damaged;
    }

    private static byte[] Png(byte[] jpeg)
    {
        using var image = SixLabors.ImageSharp.Image.Load<Rgb24>(jpeg);
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        return stream.ToArray();
    }

    // The signature and an IHDR chunk, whose checksum is not even looked at before the size is.
    private static byte[] HeaderOfPng(int width, int height)
    {
        byte[] png = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[8], 8, 2, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }
}
