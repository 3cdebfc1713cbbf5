using System.Text.Json;
using Saccade.Training.Commands.Describe;
using Saccade.Training.Networks;
using Spectre.Console;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class DescribeTests
{
    private static readonly Network Published = Architectures.Create("googlenet-bn", new NetworkOptions());

    [Fact]
    public void ToJson_Published_HasTheContractsFields()
    {
        using var json = JsonDocument.Parse(NetworkDescription.Of(Published, aux: false).ToJson());
        var root = json.RootElement;
        var layers = root.GetProperty("layers").EnumerateArray().ToArray();

        Assert.Equal(
            ["name", "input", "classes", "parameters", "parametersWithAux", "macs", "layers"],
            root.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal(224, root.GetProperty("input").GetInt32());
        Assert.Equal(6_624_904, root.GetProperty("parameters").GetInt64());
        Assert.Equal(13_004_888, root.GetProperty("parametersWithAux").GetInt64());
        Assert.All(
            layers,
            layer => Assert.Equal(["name", "type", "output", "parameters", "macs"], layer.EnumerateObject().Select(field => field.Name))
        );
        Assert.Equal([64, 112, 112], layers[0].GetProperty("output").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal(6_624_904, layers.Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Equal(root.GetProperty("macs").GetInt64(), layers.Sum(layer => layer.GetProperty("macs").GetInt64()));
    }

    [Fact]
    public void ToJson_WithAux_ListsThemToo()
    {
        var layers = NetworkDescription.Of(Published, aux: true).Layers;

        Assert.Contains(layers, layer => layer.Name == "aux2.fc2");
        Assert.Equal(13_004_888, layers.Sum(layer => layer.Parameters));
    }

    [Fact]
    public void Table_Published_HasALineAStageAndBothTotals()
    {
        var text = Render(NetworkTable.Of(Published, aux: false, everyLayer: false));

        Assert.Contains("inception3a", text, StringComparison.Ordinal);
        Assert.DoesNotContain("inception3a.branch1", text, StringComparison.Ordinal);
        Assert.Matches(@"total +6,624,904 +1\.498 G", text);
        Assert.Matches(@"with auxiliary classifiers +13,004,888", text);
    }

    [Fact]
    public void Table_EveryLayer_ListsBranches() =>
        Assert.Matches(
            @"inception3a\.branch2\.1\.conv +Conv 3×3/1 +128×28×28",
            Render(NetworkTable.Of(Published, aux: false, everyLayer: true))
        );

    private static string Render(Table table)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = 160;
        console.Write(table);
        return writer.ToString();
    }
}
