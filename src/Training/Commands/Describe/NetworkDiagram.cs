using System.Globalization;
using System.Text;
using Saccade.Training.Networks;

namespace Saccade.Training.Commands.Describe;

/// <summary>
/// A network as an SVG in the manner of the papers' figures: the main line from top to bottom in a column for each part, modules in frames
/// with their branches side by side, auxiliary classifiers on the right.
/// </summary>
internal static class NetworkDiagram
{
    internal static string Draw(Network network, bool aux)
    {
        var layout = new DiagramLayout(DiagramStages.Of(network, aux), stage => network.IsMain(stage.Output.First));
        var svg = new StringBuilder();
        Begin($"<svg xmlns='http://www.w3.org/2000/svg' width='{layout.Width:0}' height='{layout.Height:0}'");
        Line($" viewBox='0 0 {layout.Width:0} {layout.Height:0}' font-family='sans-serif' text-anchor='middle'>");
        Line($"<title>{Svg.Escape(network.Name)}</title>");
        Line($"<rect width='100%' height='100%' fill='#ffffff'/>");
        Begin($"<defs><marker id='arrow' viewBox='0 0 8 8' refX='8' refY='4' markerWidth='6' markerHeight='6' orient='auto'>");
        Line($"<path d='M0 0L8 4L0 8z' fill='#7b8794'/></marker></defs>");
        Line($"<text x='24' y='34' font-size='18' text-anchor='start'>{Svg.Escape(Title(network))}</text>");
        foreach (var (x, y, text) in layout.Headings)
            Line($"<text class='part' x='{x:0.#}' y='{y:0.#}' font-size='15' font-weight='bold'>{Svg.Escape(text)}</text>");
        foreach (var stage in layout.Stages.Where(stage => stage.IsModule))
            Frame(stage);
        foreach (var line in layout.Lines)
            Line($"<polyline points='{Points(line)}' fill='none' stroke='#7b8794'{(line.Arrow ? " marker-end='url(#arrow)'" : "")}/>");
        foreach (var box in layout.Stages.SelectMany(stage => stage.Boxes))
            Box(box);
        Line($"</svg>");
        return svg.ToString();

        void Frame(DiagramStage stage)
        {
            Begin($"<rect class='frame' x='{stage.Left:0.#}' y='{stage.Top:0.#}' width='{stage.Width:0.#}'");
            Line($" height='{stage.Height:0.#}' rx='8' fill='#fafbfc' stroke='#cbd2d9'/>");
            Begin($"<text class='stage' x='{stage.Left + 8:0.#}' y='{stage.Top + 14:0.#}' font-size='11'");
            Line($" font-weight='bold' text-anchor='start' fill='#52606d'>{Svg.Escape(stage.Name)}</text>");
        }

        void Box(DiagramBox box)
        {
            Line($"<g><title>{Svg.Escape(box.Names)}</title>");
            Begin($"<rect class='box' x='{box.X - (box.Width / 2):0.#}' y='{box.Y:0.#}' width='{box.Width:0.#}'");
            Line($" height='{DiagramStage.BoxHeight:0.#}' rx='5' fill='{box.Colour}' stroke='#52606d'/>");
            Line($"<text class='layer' x='{box.X:0.#}' y='{box.Y + 14:0.#}' font-size='11'>{Svg.Escape(box.Title)}</text>");
            Line($"<text x='{box.X:0.#}' y='{box.Y + 26:0.#}' font-size='9' fill='#52606d'>{Svg.Escape(box.Subtitle)}</text></g>");
        }

        void Begin(FormattableString element) => svg.Append(element.ToString(CultureInfo.InvariantCulture));

        void Line(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static string Title(Network network)
    {
        var variant = network.Plan is { } plan ? $", {plan.Variant.Name}" : "";
        var macs = (network.Macs / 1e9).ToString("0.000", CultureInfo.InvariantCulture);
        return $"{network.Name}{variant}: {network.Parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters, {macs} billion "
            + "multiply-adds";
    }

    private static string Points(DiagramLine line) =>
        string.Join(' ', line.Corners.Select(corner => string.Create(CultureInfo.InvariantCulture, $"{corner.X:0.#},{corner.Y:0.#}")));
}
