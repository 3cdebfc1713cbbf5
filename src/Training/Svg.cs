using System.Globalization;
using System.Security;
using System.Text;

namespace Saccade.Training;

/// <summary>What every chart needs, whatever it shows.</summary>
internal static class Svg
{
    /// <summary>Appends an element on a line of its own, its numbers as SVG reads them.</summary>
    public static StringBuilder Add(StringBuilder svg, FormattableString element) =>
        svg.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

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
