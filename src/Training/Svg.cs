using System.Globalization;
using System.Security;
using System.Text;

namespace Saccade.Training;

/// <summary>What every chart needs, whatever it shows.</summary>
internal static class Svg
{
    private static readonly string[] LineColours = ["#1f6fb2", "#2f8f4e", "#8a5fb5", "#b2851f", "#5f7f8f", "#a04f6f", "#4f6fa0", "#6f8f2f"];

    /// <summary>Appends an element on a line of its own, its numbers as SVG reads them.</summary>
    public static StringBuilder Add(StringBuilder svg, FormattableString element) =>
        svg.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Begins a document: white, with small letters.</summary>
    public static StringBuilder Begin(double width, double height)
    {
        StringBuilder svg = new();
        Add(
            svg,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:F0} {height:F0}\" font-family=\"sans-serif\" font-size=\"11\">"
        );
        return Add(svg, $"<rect width=\"{width:F0}\" height=\"{height:F0}\" fill=\"white\"/>");
    }

    /// <summary>A line of a chart's grid from left to right, with its value before it.</summary>
    public static void GridLine(StringBuilder svg, double left, double right, double y, string value)
    {
        Add(svg, $"<line x1=\"{left}\" x2=\"{right}\" y1=\"{y:F1}\" y2=\"{y:F1}\" stroke=\"#dddddd\"/>");
        Add(svg, $"<text x=\"{left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{value}</text>");
    }

    /// <summary>The colour of one of several lines; they repeat after eight.</summary>
    public static string LineColour(int index) => LineColours[index % LineColours.Length];

    /// <summary>Corners as a polyline or polygon takes them.</summary>
    public static string Points(IEnumerable<(double X, double Y)> corners) =>
        string.Join(' ', corners.Select(corner => string.Create(CultureInfo.InvariantCulture, $"{corner.X:F1},{corner.Y:F1}")));

    /// <summary>The least and the greatest of some values, apart so far that an axis can be drawn from the one to the other.</summary>
    public static (double Low, double High) Range(IReadOnlyCollection<double> values)
    {
        var (low, high) = (values.Min(), values.Max());
        return high - low < 1e-9 ? (low - 0.5, high + 0.5) : (low, high);
    }

    /// <summary>Text as it may stand in an element.</summary>
    public static string Escape(string text) => SecurityElement.Escape(text);

    /// <summary>The least of 1, 2, 5 and 10 times a power of ten that is no smaller than <paramref name="step"/>, which is above
    /// 0.</summary>
    public static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power
            * (step / power) switch
            {
                <= 1 => 1,
                <= 2 => 2,
                <= 5 => 5,
                _ => 10,
            };
    }
}
