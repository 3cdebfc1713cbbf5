using System.Globalization;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Spectre.Console;

namespace Saccade.Training.Commands.Describe;

/// <summary>A network as a table in the manner of the papers: a line a stage, or a line a layer.</summary>
internal static class NetworkTable
{
    internal static Table Of(Network network, bool aux, bool everyLayer)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Layer", "Type", "Output", "Parameters", "MACs");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned().NoWrap();

        foreach (var layer in Lines(network, aux, everyLayer))
            Add(
                table,
                layer.Name,
                layer.Type,
                new Shape(layer.Output[0], layer.Output[1], layer.Output[2]).ToString(),
                layer.Parameters,
                layer.Macs
            );

        table.AddEmptyRow();
        Add(table, "total", "", "", network.Parameters, network.Macs);
        if (network.AuxLogits.Count > 0)
            Add(table, "with auxiliary classifiers", "", "", network.ParametersWithAux, network.Nodes.Sum(node => node.Macs));

        return table;
    }

    private static IEnumerable<LayerDescription> Lines(Network network, bool aux, bool everyLayer)
    {
        var nodes = network.Nodes.Skip(1).Where(node => aux || network.IsMain(node));
        return everyLayer
            ? nodes.Select(node => LayerDescription.Of([node]) with { Name = node.Name })
            : nodes.GroupBy(node => node.Stage, StringComparer.Ordinal).Select(stage => LayerDescription.Of([.. stage]));
    }

    private static void Add(Table table, string name, string type, string output, long parameters, long macs) =>
        table.AddRow(Markup.Escape(name), Markup.Escape(type), output, Count(parameters), Macs(macs));

    private static string Count(long count) => count == 0 ? "" : count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Macs(long macs) =>
        macs switch
        {
            0 => "",
            < 10_000 => macs.ToString(CultureInfo.InvariantCulture),
            < 1_000_000_000 => $"{(macs / 1e6).ToString("0.00", CultureInfo.InvariantCulture)} M",
            _ => $"{(macs / 1e9).ToString("0.000", CultureInfo.InvariantCulture)} G",
        };
}
