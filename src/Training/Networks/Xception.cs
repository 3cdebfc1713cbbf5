using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>
/// Xception (Chollet 2017, Figure 5): depthwise separable convolutions with shortcuts, no auxiliary classifiers. Layers are named as in
/// timm, whose block1 to block12 are the paper's second to thirteenth module. Shapes in comments are for 299 pixels at width 1.
/// </summary>
internal sealed partial class Xception : Blueprint
{
    private Xception(NetworkPlan plan)
        : base(plan) { }

    private Network Build()
    {
        var pad = Plan.Stem == Stem.Eighth ? 1 : 0;
        var x = Net.Input; //    3 × 299 × 299
        Net.Part = "Entry flow";
        x = Conv("conv1", "bn1", x, 32, Window.Square(3, Plan.Stem == Stem.Full ? 2 : 1, pad)); //   32 × 149 × 149
        x = Conv("conv2", "bn2", x, 64, Window.Square(3, pad: pad)); //   64 × 147 × 147
        Net.Stage = null;
        x = Block("block1", x, [128, 128], Plan.Stem <= Stem.Half ? 2 : 1, afterRelu: true); //  128 ×  74 ×  74
        x = Block("block2", x, [256, 256], stride: 2); //  256 ×  37 ×  37
        x = Block("block3", x, [728, 728], stride: 2); //  728 ×  19 ×  19
        Net.Part = "Middle flow";
        for (var block = 4; block <= 11; block++)
            x = Block($"block{block}", x, [728, 728, 728]); //  728 ×  19 ×  19
        Net.Part = "Exit flow";
        x = Block("block12", x, [728, 1024], stride: 2); // 1024 ×  10 ×  10
        x = SeparableRelu("conv3", "bn3", x, 1536); // 1536 ×  10 ×  10
        x = SeparableRelu("conv4", "bn4", x, 2048); // 2048 ×  10 ×  10
        Net.Stage = null;
        x = Classifier("fc", x); // classes

        return Net.Build(WeightInit.He, x);
    }

    /// <summary>
    /// A module with its shortcut, which starts before the first rectifier. Members of <c>rep</c> are numbered as timm numbers them: a
    /// rectifier unless the input comes from one, a separable convolution, its normalisation, the next rectifier.
    /// </summary>
    private Node Block(string name, Node input, int[] channels, int stride = 1, bool afterRelu = false)
    {
        var x = input;
        var index = 0;
        foreach (var width in channels)
        {
            if (!afterRelu || index > 0)
                x = Net.Append($"{name}.rep.{index++}", new Relu(), x);
            x = Separable($"{name}.rep.{index}", $"{name}.rep.{index + 1}", x, width);
            index += 2;
        }

        if (stride > 1)
            x = Net.Append($"{name}.rep.{index}", Pool(x), x);
        return Get(Traits.Residual) ? Net.Append($"{name}.add", new Add(), x, Shortcut(name, input, x.Output.Channels, stride)) : x;
    }

    /// <summary>The input itself, or where its shape must change, a 1×1 convolution of it.</summary>
    private Node Shortcut(string name, Node input, int channels, int stride)
    {
        if (stride == 1 && channels == input.Output.Channels)
            return input;

        var x = Net.Append($"{name}.skip", new Conv(channels, Window.Square(1, stride), Get(Traits.ConvBias)), input);
        return Net.Append($"{name}.skipbn", BatchNorm, x);
    }

    /// <summary>One 3×3 a channel, then 1×1 across channels, in the paper with nothing between them; normalised after both.</summary>
    private Node Separable(string conv, string norm, Node x, int channels)
    {
        var depth = x.Output.Channels;
        x = Net.Append($"{conv}.conv1", new Conv(depth, Window.Same(3, 3), Bias: false, Groups: depth), x);
        x = Get(Traits.MiddleActivation) switch
        {
            MiddleActivation.Relu => Net.Append($"{conv}.activation", new Relu(), x),
            MiddleActivation.Elu => Net.Append($"{conv}.activation", new Elu(), x),
            _ => x,
        };
        x = Net.Append($"{conv}.pointwise", new Conv(Channels(channels), Window.Square(1), Get(Traits.ConvBias)), x);
        return Net.Append(norm, BatchNorm, x);
    }

    private Node SeparableRelu(string conv, string norm, Node x, int channels)
    {
        Net.Stage = conv;
        return Net.Append($"{conv}.relu", new Relu(), Separable(conv, norm, x, channels));
    }

    private Node Conv(string conv, string norm, Node x, int channels, Window window)
    {
        Net.Stage = conv;
        x = Net.Append(conv, new Conv(Channels(channels), window, Get(Traits.ConvBias)), x);
        return Net.Append($"{conv}.relu", new Relu(), Net.Append(norm, BatchNorm, x));
    }

    private MaxPool Pool(Node x) =>
        Get(Traits.Padding) == Padding.Same ? HalvingPool(3, x) : new MaxPool(Window.Square(3, stride: 2, pad: 1), RoundUp: false);
}
