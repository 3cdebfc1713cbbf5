using Saccade.Bench.Load;
using Saccade.Bench.Serving;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Tests.Serving;

/// <summary>Made-up measurements: a ceiling of 100 images/s, a service that meets every target unless told otherwise.</summary>
internal static class Reports
{
    public static ServingReport Of(params ServingRound[] rounds) =>
        new(
            new ModelManifest
            {
                Architecture = new("googlenet-bn", 1, 6_000_000, 1_500_000_000),
                Input = new("input", InputType.Float32, InputLayout.Nchw, 224, 224),
                Output = "logits",
                Preprocessing = new(256, 256, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]),
                Labels = ["a", "b"],
            },
            57_552,
            [new(new(2, 1, 1), new(100, 20))],
            new(2, 1, 1),
            new("libjpeg-turbo", 0, 0.3),
            rounds
        );

    public static ServingRound Round(
        double rate = 97,
        double peerP99 = 800,
        double int8Rate = 160,
        int overloadAnswers = 97,
        double refusalMs = 4
    ) =>
        new(
            new(2, 100, 20, 0, 0.3),
            [Served(1, 0.7 * rate, 20), Served(32, rate, 300)],
            [Stretch(0.85, answers: 85, late: 0, refused: 0, refusalMs)],
            new(ServiceCores: 1, [new(Peak: 100, Stretch(2, overloadAnswers, late: 0, refused: 100, refusalMs))]),
            Served(1, 1000, 1),
            [new("int8", [Served(32, int8Rate, 200)])],
            [new("naive", [Served(1, 48, 30), Served(32, 50, peerP99)]), new("node", [], "Node.js is not installed")]
        );

    public static OpenResult Open(double share, int late) => OpenResult.Of([Stretch(share, 100 - late, late, refused: 0, refusalMs: 1)]);

    private static ServedFigures Served(int clients, double rate, double p99)
    {
        var ranks = new Percentiles(p99 / 2, p99, p99, p99);
        var added = new Percentiles(0.2, 0.5, 0.9, 3);
        var load = new LoadResult(
            clients,
            (int)rate,
            rate,
            ranks,
            added,
            new Dictionary<string, double>(),
            (int)rate,
            TimeSpan.FromSeconds(1),
            new Dictionary<int, int>()
        );
        return new(load, 20, 0.01, 50_000);
    }

    private static OpenStretch Stretch(double share, int answers, int late, int refused, double refusalMs) =>
        new(
            share,
            100 * share,
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromSeconds(1),
            [
                .. Enumerable.Repeat(Arrival(200, 50), answers),
                .. Enumerable.Repeat(Arrival(200, 150), late),
                .. Enumerable.Repeat(Arrival(429, refusalMs), refused),
            ],
            ServiceShare: 0.9,
            LoadShare: 0.05
        );

    private static Arrival Arrival(int status, double milliseconds) =>
        new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds), status, milliseconds / 2);
}
