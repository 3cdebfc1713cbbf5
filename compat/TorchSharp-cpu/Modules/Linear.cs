using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x W^T + b, with W of (out, in).</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias) : base(nameof(Linear))
    {
        in_features = inputSize;
        out_features = outputSize;
        weight = nn.LearnedUniform([outputSize, inputSize]);
        register_parameter(nameof(weight), weight);
        if (!hasBias) return;
        bias = nn.LearnedUniform([outputSize], inputSize);
        register_parameter(nameof(bias), bias);
    }

    public Parameter weight { get; }
    public Parameter? bias { get; }
    public long in_features { get; }
    public long out_features { get; }

    public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);

    protected override void RegisterComponents()
    {
    }
}
