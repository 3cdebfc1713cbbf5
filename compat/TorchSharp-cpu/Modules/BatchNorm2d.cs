using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel of (N, C, H, W) over the batch, or by running statistics in evaluation.</summary>
public sealed class BatchNorm2d : nn.Module<Tensor, Tensor>
{
    internal BatchNorm2d(long num_features, double eps, double momentum) : base(nameof(BatchNorm2d))
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        weight = new Parameter(ones(num_features));
        weight.DetachFromDisposeScope();
        bias = new Parameter(zeros(num_features));
        bias.DetachFromDisposeScope();
        running_mean = zeros(num_features).DetachFromDisposeScope();
        running_var = ones(num_features).DetachFromDisposeScope();
        num_batches_tracked = tensor(0L).DetachFromDisposeScope();
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
    }

    public Parameter weight { get; }
    public Parameter? bias { get; }
    public Tensor? running_mean { get; }
    public Tensor? running_var { get; }
    public Tensor? num_batches_tracked { get; }
    public long num_features { get; }
    public double eps { get; set; }
    public double? momentum { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (input.ndim != 4) throw new ArgumentException($"expected 4D input, but got {input.ndim}D input.");
        if (training) num_batches_tracked!.add_(1);
        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training, momentum ?? 0.1, eps);
    }

    protected override void RegisterComponents()
    {
    }
}
