using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Commands.Describe;

/// <summary>
/// One box of a diagram: a layer with those that papers draw as part of it. A convolution takes its normalisation and rectifier along, a
/// depthwise and a pointwise convolution are one separable convolution.
/// </summary>
internal sealed class DiagramBox
{
    private readonly List<Node> _nodes;

    public DiagramBox(Node node, IReadOnlyList<DiagramBox> inputs)
    {
        _nodes = [node];
        Inputs = inputs;
    }

    public Node First => _nodes[0];

    public IReadOnlyList<Node> Nodes => _nodes;

    public IReadOnlyList<DiagramBox> Inputs { get; }

    public bool IsJoin => First.Layer is Concat or Add;

    /// <summary>Middle of the box, in pixels.</summary>
    public double X { get; set; }

    /// <summary>Upper edge, in pixels.</summary>
    public double Y { get; set; }

    public double Width { get; set; } = DiagramStage.BoxWidth;

    public double Bottom => Y + DiagramStage.BoxHeight;

    public string Title =>
        First.Layer switch
        {
            Conv conv when IsSeparable => $"{Kernel(conv.Window)} separable conv{Between}",
            Conv { Groups: > 1 } conv => $"{Kernel(conv.Window)} depthwise{Stride(conv.Window)}",
            Conv conv => $"{Kernel(conv.Window)} conv{Stride(conv.Window)}",
            MaxPool pool => $"{Kernel(pool.Window)} max pool{Stride(pool.Window)}",
            AvgPool pool => $"{Kernel(pool.Window)} mean pool{Stride(pool.Window)}",
            AdaptiveAvgPool pool => $"mean pool to {pool.Rows}×{pool.Columns}",
            GlobalAvgPool => "global mean pool",
            Lrn => "response norm",
            Dropout dropout => $"dropout {dropout.Detail}",
            Concat => "concatenate",
            Add => "add",
            Relu => "ReLU",
            var layer => layer.Kind.ToLowerInvariant(),
        };

    public string Subtitle
    {
        get
        {
            var output = _nodes.Last(node => node.Layer is not Flatten).Output;
            return output.IsVector ? $"{output.Channels}" : $"{output}";
        }
    }

    /// <summary>Names of its layers, which a pointer over the box shows.</summary>
    public string Names => string.Join(", ", _nodes.Select(node => node.Name));

    public string Colour =>
        First.Layer switch
        {
            Conv => "#cfe3f7",
            Linear => "#f7d9cf",
            MaxPool or AvgPool or AdaptiveAvgPool or GlobalAvgPool => "#d6f0d6",
            Concat or Add => "#efe3f7",
            _ => "#f1f4f6",
        };

    private bool IsSeparable => _nodes.Count(node => node.Layer is Conv) == 2;

    private string Between => _nodes[1].Layer is Conv ? "" : $", {_nodes[1].Layer.Kind.ToUpperInvariant()}";

    /// <summary>Takes a layer into the box if that is where papers draw it.</summary>
    public bool TryTake(Node node)
    {
        var last = _nodes[^1].Layer;
        var belongs = node.Layer switch
        {
            BatchNorm => last is Conv or Linear,
            Relu or Elu => last is Conv or Linear or BatchNorm && First.Layer is Conv or Linear,
            Conv { Groups: 1, Window.Kernel: (1, 1) } => First.Layer is Conv { Groups: > 1 } && !IsSeparable,
            Flatten => true,
            _ => false,
        };
        if (belongs)
            _nodes.Add(node);
        return belongs;
    }

    private static string Kernel(Window window) => $"{window.Kernel.Rows}×{window.Kernel.Columns}";

    private static string Stride(Window window) => window.Stride.Rows > 1 ? $" / {window.Stride.Rows}" : "";
}
