using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Cross-correlation of (N, C, H, W) with a learned kernel of (out, in / groups, height, width).</summary>
public sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    internal Conv2d(
        long in_channels, long out_channels, (long, long) kernel_size, (long, long) stride, (long, long) padding,
        (long, long) dilation, long groups, bool bias) : base(nameof(Conv2d))
    {
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.groups = groups;
        this.kernel_size = [kernel_size.Item1, kernel_size.Item2];
        this.stride = [stride.Item1, stride.Item2];
        this.padding = [padding.Item1, padding.Item2];
        this.dilation = [dilation.Item1, dilation.Item2];
        weight = nn.LearnedUniform([out_channels, in_channels / groups, .. this.kernel_size]);
        register_parameter(nameof(weight), weight);
        if (!bias) return;
        this.bias = nn.LearnedUniform([out_channels], in_channels / groups * kernel_size.Item1 * kernel_size.Item2);
        register_parameter(nameof(bias), this.bias);
    }

    public Parameter weight { get; }
    public Parameter? bias { get; }
    public long in_channels { get; }
    public long out_channels { get; }
    public long groups { get; }
    public long[] kernel_size { get; }
    public long[] stride { get; }
    public long[] padding { get; }
    public long[] dilation { get; }

    public override Tensor forward(Tensor input) =>
        nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);

    protected override void RegisterComponents()
    {
    }
}
