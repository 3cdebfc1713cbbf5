using Saccade.Inference.Decoding;
using Saccade.TestSupport;
using Xunit.Abstractions;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>Damaged files: each ends as an image or as a refusal, and never as an exception.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly int Rounds = Fuzz.Inputs(150);

    public static TheoryData<JpegDecoder, string> Files
    {
        get
        {
            var data = new TheoryData<JpegDecoder, string>();
            foreach (string name in Fixtures.List("decoding", "*").Where(name => !name.EndsWith(".rgb", StringComparison.Ordinal)))
            {
                data.Add(JpegDecoder.LibjpegTurbo, name);
                if (name.EndsWith(".jpg", StringComparison.Ordinal))
                {
                    data.Add(JpegDecoder.ImageSharp, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Decode_MutatedFile_IsAImageOrARefusal(JpegDecoder backend, string name)
    {
        byte[] whole = Fixtures.Read("decoding", name);

        // Small limits keep a mutated header from asking for a real gigapixel image.
        ImageDecoder decoder = Decoders.Create(backend, options => options.MaxImagePixels = 1_000_000);
        var random = new Random(Seed: 20_141_001);
        var outcomes = new OutcomeCounts();
        for (int round = 0; round < Rounds; round++)
        {
            byte[] mutant = Fuzz.Damage(whole, random);
            DecodeResult result = decoder.Decode(mutant, random.Next(2) * 4);
            outcomes.Add(result.Succeeded ? "image" : result.Failure.ToString());
            if (result.Succeeded)
            {
                Assert.InRange(result.Image.Pixels.Length, 3, 3_000_000);
                result.Image.Dispose();
            }
            else
            {
                Assert.NotEmpty(result.Detail);
            }
        }

        output.WriteLine($"{name} by {backend}: {outcomes}");
    }
}
