using System.Globalization;

namespace Saccade.Bench.Report;

/// <summary>Numbers as tables show them.</summary>
internal static class Figure
{
    /// <summary>With so many decimals; a dash for what was not measured.</summary>
    public static string Of(double value, int decimals) =>
        double.IsNaN(value) ? "–" : value.ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A part of 1 as a percentage.</summary>
    public static string Percent(double part, int decimals = 1) => Of(100 * part, decimals) + " %";
}
