using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>
/// Xception (Chollet 2017, Figure 5): depthwise separable convolutions with shortcuts, no side heads. Layers are named as in timm, whose
/// block1 to block12 are the paper's second to thirteenth module. Shapes in comments are for 299 pixels at width 1.
/// </summary>
public sealed class Xception
{
    /// <summary>The smallest input; its last grid is 2×2.</summary>
    public const int MinInput = 16;

    private readonly NetworkBuilder _net;
    private readonly NetworkOptions _options;
    private readonly Stem _stem;

    private Xception(NetworkOptions options)
    {
        options.Validate("xception", MinInput);
        _options = options;
        var pixels = options.Input ?? 299;
        _stem = options.Stem ?? InceptionV3.StemFor(pixels);
        _net = new NetworkBuilder("xception", pixels);
    }

    /// <summary>The paper's network. 22,855,952 parameters at 1000 classes.</summary>
    public static Network Create(NetworkOptions options) => new Xception(options).Build();

    private Network Build()
    {
        var pad = _stem == Stem.Eighth ? 1 : 0;
        var x = _net.Input;                                                             //    3 × 299 × 299
        // Entry flow
        x = Conv("conv1", "bn1", x, 32, Window.Square(3, _stem == Stem.Full ? 2 : 1, pad)); //   32 × 149 × 149
        x = Conv("conv2", "bn2", x, 64, Window.Square(3, pad: pad));                    //   64 × 147 × 147
        x = Block("block1", x, [128, 128], stride: _stem <= Stem.Half ? 2 : 1, startsWithRelu: false); //  128 ×  74 ×  74
        x = Block("block2", x, [256, 256], stride: 2);                                  //  256 ×  37 ×  37
        x = Block("block3", x, [728, 728], stride: 2);                                  //  728 ×  19 ×  19
        // Middle flow
        for (var block = 4; block <= 11; block++)
            x = Block($"block{block}", x, [728, 728, 728]);                             //  728 ×  19 ×  19
        // Exit flow
        x = Block("block12", x, [728, 1024], stride: 2);                                // 1024 ×  10 ×  10
        x = Separable("conv3", "bn3", x, 1536);                                         // 1536 ×  10 ×  10
        x = _net.Append("relu3", new Relu(), x);
        x = Separable("conv4", "bn4", x, 2048);                                         // 2048 ×  10 ×  10
        x = _net.Append("relu4", new Relu(), x);
        x = _net.Append("global_pool", new GlobalAvgPool(), x);                         // 2048
        x = _net.Append("dropout", new Dropout(_options.Dropout ?? 0.5), x);
        x = _net.Append("fc", new Linear(_options.Classes), x);                         // classes

        return _net.Build(WeightInit.He, x);
    }

    /// <summary>
    /// A module with its shortcut, which starts before the first rectifier. Members of <c>rep</c> are numbered as timm numbers them: a
    /// rectifier, a separable convolution, its normalisation, the next rectifier.
    /// </summary>
    private Node Block(string name, Node input, int[] channels, int stride = 1, bool startsWithRelu = true)
    {
        var x = input;
        var index = 0;
        foreach (var width in channels)
        {
            if (startsWithRelu || index > 0)
                x = _net.Append($"{name}.rep.{index++}", new Relu(), x);
            x = Separable($"{name}.rep.{index}", $"{name}.rep.{index + 1}", x, width);
            index += 2;
        }

        if (stride > 1)
            x = _net.Append($"{name}.rep.{index}", SamePool(x), x);
        return _net.Append($"{name}.add", new Add(), x, Shortcut(name, input, x.Output.Channels, stride));
    }

    /// <summary>The input itself, or where its shape must change, a 1×1 convolution of it.</summary>
    private Node Shortcut(string name, Node input, int channels, int stride)
    {
        if (stride == 1 && channels == input.Output.Channels)
            return input;

        var x = _net.Append($"{name}.skip", new Conv(channels, Window.Square(1, stride), Bias: false), input);
        return _net.Append($"{name}.skipbn", new BatchNorm(Epsilon: 1e-3), x);
    }

    /// <summary>One 3×3 a channel, then 1×1 across channels, with nothing between them; normalised after both.</summary>
    private Node Separable(string conv, string norm, Node x, int channels)
    {
        var depth = x.Output.Channels;
        x = _net.Append($"{conv}.conv1", new Conv(depth, Window.Same(3, 3), Bias: false, Groups: depth), x);
        x = _net.Append($"{conv}.pointwise", new Conv(_options.Channels(channels), Window.Square(1), Bias: false), x);
        return _net.Append(norm, new BatchNorm(Epsilon: 1e-3), x);
    }

    private Node Conv(string conv, string norm, Node x, int channels, Window window)
    {
        x = _net.Append(conv, new Conv(_options.Channels(channels), window, Bias: false), x);
        x = _net.Append(norm, new BatchNorm(Epsilon: 1e-3), x);
        return _net.Append($"{conv}.relu", new Relu(), x);
    }

    /// <summary>
    /// The 3×3 pool of stride 2 with TensorFlow's "same" padding: on an odd grid a row at both ends, on an even one a row at the end alone,
    /// which is no padding and rounding up.
    /// </summary>
    private static MaxPool SamePool(Node x) => x.Output.Height % 2 == 1
        ? new MaxPool(Window.Square(3, stride: 2, pad: 1), RoundUp: false)
        : new MaxPool(Window.Square(3, stride: 2), RoundUp: true);
}
