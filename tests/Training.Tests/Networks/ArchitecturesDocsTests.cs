using System.Globalization;
using Saccade.Training.Commands.Describe;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Variants;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>docs/architectures.md says what the code does.</summary>
public sealed class ArchitecturesDocsTests
{
    private static readonly string Docs = Path.Combine(AppContext.BaseDirectory, "docs");

    public static TheoryData<string> Presets => [.. Architectures.Names];

    [Fact]
    public void Counts_EveryRow_IsWhatTheNetworkHas()
    {
        var rows = Rows("## Counts", "## Variants");

        Assert.Equal(
            Architectures.All.SelectMany(preset => preset.Variants.Select(variant => $"`{preset.Name}` `{variant.Name}`")).Order(),
            rows.Select(row => $"{row[0]} {row[1]}").Distinct().Order()
        );
        Assert.All(
            rows,
            row =>
            {
                var network = Architectures.Create(
                    Name(row[0]),
                    new NetworkOptions { Variant = Name(row[1]), Classes = int.Parse(row[2], CultureInfo.InvariantCulture) }
                );
                Assert.Equal(
                    [
                        Count(network.Parameters),
                        Count(network.ParametersWithAux),
                        $"{(network.Macs / 1e9).ToString("0.000", CultureInfo.InvariantCulture)} G",
                    ],
                    row[3..6]
                );
            }
        );
    }

    [Fact]
    public void Variants_OfEveryPreset_AreListedInTheirOrder()
    {
        List<string> listed = [];
        var preset = "";
        foreach (var row in Rows("## Variants", "## Traits"))
        {
            preset = row[0].Length > 0 ? row[0] : preset;
            listed.Add($"{preset} {row[1]}");
        }

        Assert.Equal(Architectures.All.SelectMany(known => known.Variants.Select(variant => $"`{known.Name}` `{variant.Name}`")), listed);
    }

    [Fact]
    public void Traits_All_AreListedInTheirOrder() =>
        Assert.Equal(Traits.All.Select(trait => $"`--{trait.Name}`"), Rows("## Traits", "## Input and width").Select(row => row[0]));

    [Theory]
    [MemberData(nameof(Presets))]
    public void Image_Preset_IsWhatDescribeDraws(string name) =>
        Assert.Equal(
            NetworkDiagram.Draw(Architectures.Create(name, new NetworkOptions()), aux: true),
            File.ReadAllText(Path.Combine(Docs, "architectures", $"{name}.svg"))
        );

    private static string[][] Rows(string from, string to) =>
        [
            .. File.ReadLines(Path.Combine(Docs, "architectures.md"))
                .SkipWhile(line => line != from)
                .TakeWhile(line => line != to)
                .Where(line => line.StartsWith('|') && line.Contains('`', StringComparison.Ordinal))
                .Select(line => line[1..^1].Split('|', StringSplitOptions.TrimEntries)),
        ];

    private static string Name(string cell) => cell.Trim('`');

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
