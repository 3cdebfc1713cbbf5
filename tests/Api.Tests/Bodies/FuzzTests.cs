using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Saccade.Api.Tests.Support;
using Xunit.Abstractions;

namespace Saccade.Api.Tests.Bodies;

/// <summary>Nonsense in query, content type and body: any refusal will do, but never a 500. <see cref="ResponseRules"/> checks the
/// rest.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class FuzzTests(SharedService shared, ITestOutputHelper output)
{
    private static readonly string[] ContentTypes =
    [
        "image/png",
        "image/",
        "application/octet-stream",
        "application/json",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=b",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"--b \"",
        "multipart/form-data; boundary",
        "text/html",
        "*/*",
        "a",
        "",
        ";",
        "image/png;;",
    ];

    private static readonly string[] Fragments =
    [
        "--b\r\n",
        "--b--\r\n",
        "\r\n\r\n",
        "Content-Disposition: form-data; name=image\r\n\r\n",
        "Content-Disposition: form-data; name=\"",
        "filename*=utf-8''%ff",
        "{\"image\":\"",
        "\"}",
        "AAAA",
        "\\u",
        "\\ud800",
        "\u0000",
        "null",
        "[[[[",
        "\"image\"",
        ":",
        ",",
        "é",
        "\uFEFF",
        "\u0089PNG\r\n\u001a\n",
        "ÿØÿà",
        "GIF89a",
        "RIFF....WEBP",
    ];

    private static readonly string[] Queries =
    [
        "topK=",
        "topK=%ff",
        "crops=10",
        "crops=%00",
        "model=%F0%9F%98%80",
        "model[]=1",
        "deadlineMs=1e3",
        "priority=−1",
        "&&&",
        "=",
        "%",
        "?",
        "topK=5;crops=10",
        "version=\u202e",
    ];

    [Fact]
    public void Post_Nonsense_IsNeverA500()
    {
        var client = shared.Service.Client();
        var outcomes = new OutcomeCounts();
        Prop.ForAll(
                Nonsense().ToArbitrary(),
                nonsense =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(nonsense.Path, UriKind.Relative))
                    {
                        Content = new ByteArrayContent(nonsense.Body),
                    };
                    request.Content.Headers.TryAddWithoutValidation("Content-Type", nonsense.ContentType);
                    request.Headers.TryAddWithoutValidation("X-Deadline-Ms", nonsense.Deadline);
                    using var response = client.SendAsync(request).Guarded().GetAwaiter().GetResult();
                    outcomes.Add($"{(int)response.StatusCode}");
                    Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Fuzz.Inputs(500)));
        output.WriteLine($"nonsense: {outcomes}");
    }

    [Fact]
    public void Post_DamagedImage_IsNeverA500()
    {
        var client = shared.Service.Client();
        byte[][] originals =
        [
            TestImages.Png(20, 10),
            TestImages.Jpeg(20, 10),
            Fixtures.Read("decoding", "lossy.webp"),
            Fixtures.Read("decoding", "palette.png"),
            Fixtures.Read("decoding", "cmyk.jpg"),
        ];
        var damaged =
            from original in Gen.Elements(originals)
            from flips in Gen.ListOf(Gen.Choose(0, original.Length - 1), 4)
            from value in Gen.Choose(0, 255)
            from kept in Gen.Choose(1, original.Length)
            select Damage(original, flips, (byte)value, kept);
        var outcomes = new OutcomeCounts();
        Prop.ForAll(
                damaged.ToArbitrary(),
                bytes =>
                {
                    using var response = client.PostAsync("/classify", Payload.Raw(bytes)).Guarded().GetAwaiter().GetResult();
                    outcomes.Add($"{(int)response.StatusCode}");
                    Assert.Contains((int)response.StatusCode, new[] { 200, 413, 415, 422 });
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Fuzz.Inputs(500)));
        output.WriteLine($"images: {outcomes}");
    }

    private static Gen<(string Path, string ContentType, string Deadline, byte[] Body)> Nonsense() =>
        from path in Gen.Elements("/classify", "/classify/batch")
        from query in Gen.SubListOf(Queries)
        from contentType in Gen.Elements(ContentTypes)
        from deadline in Gen.Elements("", "-1", "5000", "x", "5000, 6000")
        from fragments in Gen.ListOf(Gen.Elements(Fragments))
        from noise in Gen.ArrayOf(Gen.Choose(0, 255))
        select (
            $"{path}?{string.Join('&', query)}",
            contentType,
            deadline,
            (byte[])[.. Encoding.Latin1.GetBytes(string.Concat(fragments)), .. noise.Select(value => (byte)value)]
        );

    private static byte[] Damage(byte[] original, IEnumerable<int> flips, byte value, int kept)
    {
        byte[] damaged = [.. original];
        foreach (var position in flips)
            damaged[position] = value;
        return damaged[..kept];
    }
}
