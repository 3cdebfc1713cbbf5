using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;
using Xunit.Abstractions;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>
/// PNG and WebP files changed behind intact containers: each ends as an image or as a refusal. It prints the counts, the slowest file and
/// the process's memory.
/// </summary>
public sealed class StructuredFuzzTests(ITestOutputHelper output)
{
    private static readonly int Files = Fuzz.Inputs(2000);

    [Fact]
    public void Decode_ChangedPngAndWebP_IsAImageOrARefusal()
    {
        byte[][] seeds =
        [
            .. Fixtures.List("decoding", "*.png").Select(name => Fixtures.Read("decoding", name)),
            .. Fixtures.List("decoding", "*.webp").Select(name => Fixtures.Read("decoding", name)),
            TestImages.Png(TestImages.Blobs(200, 150, 1), 200, 150),
            TestImages.WebP(TestImages.Blobs(200, 150, 2), 200, 150, lossless: false),
            TestImages.WebP(TestImages.Blobs(200, 150, 3), 200, 150, lossless: true),
        ];
        var failures = new FailureCount();
        var decoder = new ImageDecoder(Options.Create(new DecodingOptions { MaxImagePixels = 4_000_000 }), failures);
        var random = new Random(Seed: 20_261_128);
        var mutator = new ImageMutator(random);
        var outcomes = new OutcomeCounts();
        var slowest = TimeSpan.Zero;
        for (int file = 0; file < Files; file++)
        {
            byte[] mutant = mutator.Mutate(seeds[random.Next(seeds.Length)]);
            long start = Stopwatch.GetTimestamp();
            DecodeResult result = decoder.Decode(mutant);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            slowest = time > slowest ? time : slowest;
            string kind = mutant.AsSpan().StartsWith("RIFF"u8) ? "WebP" : "PNG";
            string outcome = $"{kind} {(result.Succeeded ? "image" : result.Failure.ToString())}";
            outcomes.Add(outcome);
            Assert.True(result.Succeeded || (result.Failure != ClassifyFailure.OutOfMemory && result.Detail.Length > 0), outcome);
            result.Image?.Dispose();
        }

        output.WriteLine($"{outcomes}");
        using var process = Process.GetCurrentProcess();
        output.WriteLine(
            FormattableString.Invariant($"slowest {slowest.TotalMilliseconds:F0} ms, peak memory {process.PeakWorkingSet64 >> 20} MB")
        );
        output.WriteLine($"{failures.Kinds.Values.Sum()} exceptions of a decoder");
        foreach ((string failure, int count) in failures.Kinds)
        {
            output.WriteLine($"{count} {failure}");
        }

        Assert.Contains("PNG image", outcomes.Outcomes);
        Assert.Contains("WebP image", outcomes.Outcomes);
    }

    /// <summary>Counts the exceptions that a library threw and a refusal hid.</summary>
    private sealed class FailureCount : ILogger<ImageDecoder>
    {
        public SortedDictionary<string, int> Kinds { get; } = new(StringComparer.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (exception is not null)
            {
                string? place = exception.StackTrace?.Split('\n')[0].Trim();
                string kind = $"{exception.GetType().Name} {place}";
                Kinds[kind] = Kinds.GetValueOrDefault(kind) + 1;
            }
        }
    }
}
