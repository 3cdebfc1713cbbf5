using System.Globalization;
using System.Xml.Linq;
using Saccade.Training.Commands.Describe;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class NetworkDiagramTests
{
    public static TheoryData<string> Presets => [.. Architectures.Names];

    /// <summary>Equal blocks in a row are drawn once: 5b to 5d and 6c to 6d of seven and ten convolutions, or the eight of the middle flow
    /// with six.</summary>
    [Theory]
    [InlineData("googlenet", 0)]
    [InlineData("googlenet-bn", 0)]
    [InlineData("bn-inception", 0)]
    [InlineData("inception-v2", (2 * 7) + 10)]
    [InlineData("inception-v3", 10)]
    [InlineData("xception", 7 * 6)]
    public void Draw_AnyPreset_NamesEveryLayerOnce(string name, int repeated)
    {
        var network = WithAux(name);
        var names = Boxes(NetworkDiagram.Draw(network, aux: true)).SelectMany(box => box.Names).ToArray();

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(network.Nodes.Count(node => node.Layer is Conv), names.Count(layer => Layer(network, layer) is Conv) + repeated);
        Assert.All(network.AuxLogits.Append(network.Logits), output => Assert.Contains(output.Name, names));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Draw_AnyPreset_NothingOverlaps(string name)
    {
        var svg = NetworkDiagram.Draw(WithAux(name), aux: true);
        var frame = XDocument.Parse(svg).Root!.Attribute("viewBox")!.Value.Split(' ').Select(Number).ToArray();
        var boxes = Boxes(svg);

        Assert.All(
            boxes,
            box =>
            {
                Assert.True(box.Left >= 0 && box.Top >= 0 && box.Right <= frame[2] && box.Bottom <= frame[3], box.Names[0]);
                Assert.DoesNotContain(
                    boxes,
                    other =>
                        other != box && other.Left < box.Right && box.Left < other.Right && other.Top < box.Bottom && box.Top < other.Bottom
                );
                Assert.DoesNotContain(Lines(svg), line => line.Enters(box));
            }
        );
    }

    [Fact]
    public void Draw_Xception_LooksLikeFigure5()
    {
        var svg = XDocument.Parse(NetworkDiagram.Draw(WithAux("xception"), aux: true)).Root!;

        Assert.Equal(["Entry flow", "Middle flow", "Exit flow"], Texts(svg, "part"));
        Assert.Contains("block4–block11 ×8", Texts(svg, "stage"));
        Assert.Equal(5, Texts(svg, "layer").Count(text => text == "add"));
        Assert.Equal(4, Texts(svg, "layer").Count(text => text == "1×1 conv / 2"));
    }

    [Fact]
    public void Draw_MiddleActivation_IsNamed()
    {
        var network = Architectures.Create("xception", new NetworkOptions { Traits = [Traits.MiddleActivation.Is(MiddleActivation.Elu)] });

        Assert.Contains("3×3 separable conv, ELU", Texts(XDocument.Parse(NetworkDiagram.Draw(network, aux: true)).Root!, "layer"));
    }

    private static Network WithAux(string name) =>
        Architectures.Create(name, new NetworkOptions { Traits = name == "xception" ? [] : [Traits.AuxClassifiers.Is(true)] });

    private static Layer Layer(Network network, string name) => network.Nodes.Single(node => node.Name == name).Layer;

    private static string[] Texts(XElement svg, string kind) =>
        [
            .. svg.Descendants()
                .Where(element => element.Attribute("class")?.Value == kind && element.Name.LocalName == "text")
                .Select(element => element.Value),
        ];

    private static Box[] Boxes(string svg) =>
        [
            .. XDocument
                .Parse(svg)
                .Root!.Elements()
                .Where(element => element.Name.LocalName == "g")
                .Select(group =>
                {
                    var rect = group.Elements().Single(element => element.Name.LocalName == "rect");
                    var (left, top) = (Number(rect.Attribute("x")!.Value), Number(rect.Attribute("y")!.Value));
                    return new Box(
                        group.Elements().First().Value.Split(", "),
                        left,
                        top,
                        left + Number(rect.Attribute("width")!.Value),
                        top + Number(rect.Attribute("height")!.Value)
                    );
                }),
        ];

    private static IEnumerable<Line> Lines(string svg)
    {
        foreach (var polyline in XDocument.Parse(svg).Root!.Elements().Where(element => element.Name.LocalName == "polyline"))
        {
            var points = polyline
                .Attribute("points")!
                .Value.Split(' ')
                .Select(point => point.Split(',').Select(Number).ToArray())
                .ToArray();
            foreach (var (from, to) in points.Zip(points.Skip(1)))
                yield return new Line(
                    Math.Min(from[0], to[0]),
                    Math.Min(from[1], to[1]),
                    Math.Max(from[0], to[0]),
                    Math.Max(from[1], to[1])
                );
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Box(string[] Names, double Left, double Top, double Right, double Bottom);

    private sealed record Line(double Left, double Top, double Right, double Bottom)
    {
        internal bool Enters(Box box) => Left < box.Right && Right > box.Left && Top < box.Bottom && Bottom > box.Top;
    }
}
