using System.Globalization;
using System.Text;
using static Saccade.Training.Svg;

namespace Saccade.Training.Loop;

/// <summary>Draws a run: training and held-out loss, below them held-out top-1 of trained and averaged weights, and with asynchronous
/// replicas their staleness.</summary>
internal static class CurveSvg
{
    private const int Width = 640;
    private const int PanelHeight = 200;
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 28;
    private const int Gap = 48;
    private const int Bottom = 40;
    private const int GridLines = 4;

    /// <summary>The plot as an SVG document.</summary>
    public static string Draw(IReadOnlyList<EpochResult> epochs)
    {
        var stale = epochs.Any(epoch => epoch.StalenessMean is not null);
        var panels = stale ? 3 : 2;
        var height = Top + (panels * PanelHeight) + ((panels - 1) * Gap) + Bottom;
        var svg = Begin(Width, height);
        var last = Math.Max(2, epochs.Count == 0 ? 2 : epochs[^1].Epoch);
        Panel(
            svg,
            Top,
            last,
            "loss",
            "0.###",
            ("training", "#444444", Points(epochs, epoch => epoch.Loss)),
            ("held-out", "#2e8b57", Points(epochs, epoch => epoch.HeldOutLoss))
        );
        Panel(
            svg,
            Top + PanelHeight + Gap,
            last,
            "held-out top-1",
            "0.0 %",
            ("trained", "#c46a1b", Points(epochs, epoch => epoch.Top1)),
            ("averaged", "#1f6fb2", Points(epochs, epoch => epoch.Top1Averaged))
        );
        if (stale)
        {
            Panel(
                svg,
                Top + (2 * (PanelHeight + Gap)),
                last,
                "staleness of a gradient, in steps",
                "0.#",
                ("mean", "#444444", Points(epochs, epoch => epoch.StalenessMean)),
                ("largest", "#a33b3b", Points(epochs, epoch => epoch.StalenessMax))
            );
        }

        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{height - 6}\" text-anchor=\"middle\">epoch</text>");
        return Add(svg, $"</svg>").ToString();
    }

    private static (int Epoch, double Value)[] Points(IReadOnlyList<EpochResult> epochs, Func<EpochResult, double?> value) =>
        [
            .. epochs
                .Where(epoch => value(epoch) is { } number && double.IsFinite(number))
                .Select(epoch => (epoch.Epoch, value(epoch)!.Value)),
        ];

    private static void Panel(
        StringBuilder svg,
        int top,
        int lastEpoch,
        string title,
        string format,
        params (string Name, string Colour, (int Epoch, double Value)[] Points)[] lines
    )
    {
        var (low, high) = Svg.Range([.. lines.SelectMany(line => line.Points).Select(point => point.Value).DefaultIfEmpty(0)]);
        double X(int epoch) => Left + ((Width - Left - Right) * (epoch - 1.0) / (lastEpoch - 1));
        double Y(double value) => top + (PanelHeight * (high - value) / (high - low));

        Add(svg, $"<text x=\"{Left}\" y=\"{top - 10}\" font-weight=\"bold\">{title}</text>");
        for (var i = 0; i <= GridLines; i++)
        {
            var value = low + ((high - low) * i / GridLines);
            GridLine(svg, Left, Width - Right, Y(value), value.ToString(format, CultureInfo.InvariantCulture));
        }

        foreach (var epoch in new[] { 1, (1 + lastEpoch) / 2, lastEpoch }.Distinct())
            Add(svg, $"<text x=\"{X(epoch):F1}\" y=\"{top + PanelHeight + 16}\" text-anchor=\"middle\">{epoch}</text>");

        var legend = Width - Right;
        foreach (var (name, colour, points) in lines.Reverse().Where(line => line.Points.Length > 0))
        {
            var path = Svg.Points(points.Select(point => (X(point.Epoch), Y(point.Value))));
            Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>");
            Add(svg, $"<text x=\"{legend}\" y=\"{top - 10}\" text-anchor=\"end\" fill=\"{colour}\">{name}</text>");
            legend -= 70;
        }
    }
}
