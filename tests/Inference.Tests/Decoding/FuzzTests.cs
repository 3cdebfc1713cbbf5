using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>Damaged files: each ends as an image or as a refusal, and never as an exception.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 150;

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
        for (int round = 0; round < Rounds; round++)
        {
            byte[] mutant = Mutate(whole, random);
            DecodeResult result = decoder.Decode(mutant, random.Next(2) * 4);
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
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var mutant = (byte[])whole.Clone();
        for (int changes = random.Next(1, 8); changes > 0; changes--)
        {
            int at = random.Next(mutant.Length);
            switch (random.Next(5))
            {
                case 0:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutant[at] = (byte)(random.Next(2) * 255);
                    break;
                case 3:
                    int length = random.Next(Math.Min(64, mutant.Length - at));
                    mutant.AsSpan(random.Next(mutant.Length - length), length).CopyTo(mutant.AsSpan(at));
                    break;
                default:
                    mutant = [.. mutant[..at], .. mutant[Math.Min(mutant.Length, at + random.Next(16))..], 0];
                    break;
            }
        }

        return mutant;
    }
}
