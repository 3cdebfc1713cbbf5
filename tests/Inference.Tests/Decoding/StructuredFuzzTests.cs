using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;
using Xunit.Abstractions;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>
/// PNG and WebP files changed behind intact containers: each ends as an image or as a refusal. <c>FUZZ_FILES=100000</c> makes it a long
/// run, whose counts it prints with the slowest file and the process's memory.
/// </summary>
public sealed class StructuredFuzzTests(ITestOutputHelper output)
{
    private static readonly int Files = int.Parse(Environment.GetEnvironmentVariable("FUZZ_FILES") ?? "2000", CultureInfo.InvariantCulture);

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
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
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
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            Assert.True(result.Succeeded || (result.Failure != ClassifyFailure.OutOfMemory && result.Detail.Length > 0), outcome);
            result.Image?.Dispose();
        }

        foreach ((string outcome, int count) in outcomes)
        {
            output.WriteLine($"{outcome}: {count}");
        }

        using var process = Process.GetCurrentProcess();
        output.WriteLine(
            FormattableString.Invariant($"slowest {slowest.TotalMilliseconds:F0} ms, peak memory {process.PeakWorkingSet64 >> 20} MB")
        );
        output.WriteLine($"{failures.Kinds.Values.Sum()} exceptions of a decoder");
        foreach ((string failure, int count) in failures.Kinds)
        {
            output.WriteLine($"{count} {failure}");
        }

        Assert.Contains("PNG image", outcomes.Keys);
        Assert.Contains("WebP image", outcomes.Keys);
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
