using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Compat.Tests;

public sealed class HostileImageTests
{
    private const int MutantsPerFile = 150;

    public static TheoryData<string> Files => [.. Fixture.All()];

    /// <summary>Whatever the bytes, there is a picture or one of the library's exceptions; a crash of native code would end the test run.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Load_Mutated_GivesAPictureOrAFormatError(string name)
    {
        byte[] original = Fixture.Read(name);
        var random = new Random(name.Length + original.Length);
        for (int i = 0; i < MutantsPerFile; i++)
        {
            byte[] mutant = Mutate(original, random);
            Exception? identified = Record.Exception(() => Image.Identify(mutant));
            Exception? loaded = Record.Exception(() => Image.Load<Rgb24>(mutant).Dispose());
            Assert.True(identified is null or ImageFormatException or NotSupportedException, $"Identify, mutant {i}: {identified}");
            Assert.True(loaded is null or ImageFormatException or NotSupportedException or InvalidDataException, $"Load, mutant {i}: {loaded}");
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] mutant = random.Next(4) == 0 ? original[..random.Next(original.Length)] : [.. original];
        for (int changes = random.Next(1, 8); changes > 0 && mutant.Length > 0; changes--)
        {
            // Half of the changes hit the headers.
            int at = random.Next(2) == 0 ? random.Next(mutant.Length) : random.Next(Math.Min(64, mutant.Length));
            mutant[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(mutant[at] ^ (1 << random.Next(8))),
                _ => 0xff,
            };
        }

        return mutant;
    }
}
