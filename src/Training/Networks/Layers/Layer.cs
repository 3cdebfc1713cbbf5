namespace Saccade.Training.Networks.Layers;

/// <summary>
/// One step of a network, without its name and place. A layer knows what it makes of its inputs' shapes, which tensors it owns and
/// what it costs; what it computes is written once in <see cref="Modules.LayerRunner"/> and once in the ONNX writer.
/// </summary>
public abstract record Layer
{
    /// <summary>The layer's kind, such as <c>Conv</c>.</summary>
    public string Kind => GetType().Name;

    /// <summary>What distinguishes it from others of its kind, such as <c>3×3/2</c>; may be empty.</summary>
    public virtual string Detail => "";

    /// <summary>The output's shape.</summary>
    /// <exception cref="NetworkException">The inputs do not suit; the message does not yet name the layer.</exception>
    public abstract Shape Output(IReadOnlyList<Shape> inputs);

    /// <summary>The tensors it owns, given its first input.</summary>
    public virtual IReadOnlyList<WeightSpec> Weights(Shape input) => [];

    /// <summary>Multiply-adds for one image (convolutions and linear layers only, as the papers count).</summary>
    public virtual long Macs(Shape input, Shape output) => 0;
}
