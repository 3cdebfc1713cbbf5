using Saccade.Inference.Decoding;
using Saccade.TestSupport;
using Saccade.Training.Data;

namespace Saccade.Training.Tests.Tuning;

/// <summary>A model repository with two tiny networks that answer differently, and an ensemble of both.</summary>
internal sealed class ServedPair : IDisposable
{
    private readonly TempModels _models = new TempModels()
        .Colors("first", manifest: text => text.Replace("\"macs\": 0", "\"macs\": 1000", StringComparison.Ordinal))
        .Colors(
            "second",
            manifest: text =>
                text.Replace("\"macs\": 0", "\"macs\": 3000", StringComparison.Ordinal)
                    .Replace("\"RGB\"", "\"BGR\"", StringComparison.Ordinal)
        )
        .Ensemble("both", """{"members":[{"model":"first","weight":2},{"model":"second"}]}""");

    /// <summary>Three classes, sixty held-out images of 30 × 26 pixels.</summary>
    public DataSet Data { get; } = new(["red", "green", "blue"], "drawn by a formula", new Colours(6), new Colours(60));

    /// <summary>A version's folder.</summary>
    public string In(string name, string version) => Path.Combine(_models.Path, name, version);

    /// <summary>A file beside the repository's models.</summary>
    public string Beside(string name) => Path.Combine(_models.Path, name);

    public void Dispose() => _models.Dispose();

    /// <summary>A little more of one colour than of the others, and more of it in one half: what is seen depends on which part
    /// is seen.</summary>
    private sealed class Colours(int count) : IImageSource
    {
        private const int Width = 30;
        private const int Height = 26;

        public int Count => count;

        public int LabelOf(int index) => index % 3;

        public DecodedImage Load(int index)
        {
            var random = SplitMix64.At(17, index);
            int[] mean = [100 + random.Next(40), 100 + random.Next(40), 100 + random.Next(40)];
            mean[LabelOf(index)] += 5 + random.Next(40);
            var other = (LabelOf(index) + 1 + random.Next(2)) % 3;
            var pixels = new byte[3 * Width * Height];
            for (var i = 0; i < pixels.Length; i++)
            {
                var left = i / 3 % Width < Width / 2;
                pixels[i] = (byte)Math.Clamp(mean[i % 3] + random.Next(60) - 30 + (left && i % 3 == other ? 30 : 0), 0, 255);
            }

            return new DecodedImage(pixels, Width, Height);
        }
    }
}
