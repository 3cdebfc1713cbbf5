using System.Globalization;

namespace Saccade.TestSupport;

/// <summary>
/// Damaged inputs for parsers, the same ones each time. <c>FUZZ_FILES=100000</c> makes a long run of each test that asks for
/// <see cref="Inputs"/>; the counts by outcome that it prints are in docs/results.md.
/// </summary>
public static class Fuzz
{
    private const int MostChanges = 8;

    /// <summary>How many inputs to try.</summary>
    /// <param name="usual">Where nothing else was asked for.</param>
    public static int Inputs(int usual) =>
        Environment.GetEnvironmentVariable("FUZZ_FILES") is { } asked ? int.Parse(asked, CultureInfo.InvariantCulture) : usual;

    /// <summary>One to seven changes: bytes set, bits flipped, parts copied elsewhere or cut out.</summary>
    public static byte[] Damage(byte[] whole, Random random)
    {
        var mutant = (byte[])whole.Clone();
        for (var changes = random.Next(1, MostChanges); changes > 0 && mutant.Length > 0; changes--)
        {
            var at = random.Next(mutant.Length);
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
                    var length = random.Next(Math.Min(64, mutant.Length - at));
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
