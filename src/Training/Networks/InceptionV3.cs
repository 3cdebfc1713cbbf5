using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>
/// Inception-v3 (Szegedy et al. 2015, §6 and Figures 5 to 7, with the filter banks of the released network, which torchvision, Keras and
/// TensorFlow share). Layers are named as in torchvision. Shapes in comments are for 299 pixels at width 1.
/// </summary>
public sealed class InceptionV3
{
    /// <summary>The smallest input; its last grid is 2×2.</summary>
    public const int MinInput = 16;

    private readonly NetworkBuilder _net;
    private readonly NetworkOptions _options;
    private readonly Stem _stem;

    private InceptionV3(NetworkOptions options)
    {
        options.Validate("inception-v3", MinInput);
        _options = options;
        var pixels = options.Input ?? 299;
        _stem = options.Stem ?? StemFor(pixels);
        _net = new NetworkBuilder("inception-v3", pixels);
    }

    /// <summary>torchvision's network. 23,834,568 parameters at 1000 classes, 27,161,264 with the side head.</summary>
    public static Network Create(NetworkOptions options) => new InceptionV3(options).Build();

    /// <summary>The front for an input where none is chosen: the one that brings the first blocks nearest to their published grid.</summary>
    public static Stem StemFor(int pixels) => pixels switch
    {
        >= 200 => Stem.Full,
        >= 100 => Stem.Half,
        >= 40 => Stem.Quarter,
        _ => Stem.Eighth,
    };

    private Network Build()
    {
        var x = _net.Input;                                                                 //    3 × 299 × 299
        x = Conv("Conv2d_1a_3x3", x, 32, Valid(3, stride: _stem == Stem.Full ? 2 : 1));     //   32 × 149 × 149
        x = Conv("Conv2d_2a_3x3", x, 32, Valid(3));                                         //   32 × 147 × 147
        x = Conv("Conv2d_2b_3x3", x, 64, Window.Same(3, 3));                                //   64 × 147 × 147
        if (_stem is Stem.Full or Stem.Half)
            x = MaxPool("maxpool1", x);                                                     //   64 ×  73 ×  73
        x = Conv("Conv2d_3b_1x1", x, 80, Window.Square(1));                                 //   80 ×  73 ×  73
        x = Conv("Conv2d_4a_3x3", x, 192, Valid(3));                                        //  192 ×  71 ×  71
        x = MaxPool("maxpool2", x);                                                         //  192 ×  35 ×  35
        x = BlockA("Mixed_5b", x, projection: 32);                                          //  256 ×  35 ×  35
        x = BlockA("Mixed_5c", x, projection: 64);                                          //  288 ×  35 ×  35
        x = BlockA("Mixed_5d", x, projection: 64);                                          //  288 ×  35 ×  35
        x = BlockB("Mixed_6a", x);                                                          //  768 ×  17 ×  17
        x = BlockC("Mixed_6b", x, sevens: 128);                                             //  768 ×  17 ×  17
        x = BlockC("Mixed_6c", x, sevens: 160);                                             //  768 ×  17 ×  17
        x = BlockC("Mixed_6d", x, sevens: 160);                                             //  768 ×  17 ×  17
        x = BlockC("Mixed_6e", x, sevens: 192);                                             //  768 ×  17 ×  17
        var side = SideHead("AuxLogits", x);
        x = BlockD("Mixed_7a", x);                                                          // 1280 ×   8 ×   8
        x = BlockE("Mixed_7b", x);                                                          // 2048 ×   8 ×   8
        x = BlockE("Mixed_7c", x);                                                          // 2048 ×   8 ×   8
        x = _net.Append("avgpool", new GlobalAvgPool(), x);                                 // 2048
        x = _net.Append("dropout", new Dropout(_options.Dropout ?? 0.5), x);
        x = _net.Append("fc", new Linear(_options.Classes), x);                             // classes

        return _net.Build(WeightInit.TruncatedNormal, x, side);
    }

    /// <summary>Figure 5, but for the 5×5 that the released network kept.</summary>
    private Node BlockA(string name, Node x, int projection)
    {
        var one = Conv($"{name}.branch1x1", x, 64, Window.Square(1));
        var five = Conv($"{name}.branch5x5_1", x, 48, Window.Square(1));
        five = Conv($"{name}.branch5x5_2", five, 64, Window.Same(5, 5));
        var doubled = Conv($"{name}.branch3x3dbl_1", x, 64, Window.Square(1));
        doubled = Conv($"{name}.branch3x3dbl_2", doubled, 96, Window.Same(3, 3));
        doubled = Conv($"{name}.branch3x3dbl_3", doubled, 96, Window.Same(3, 3));
        return Join(name, one, five, doubled, Projection(name, x, projection));
    }

    /// <summary>Figure 10: the grid is halved by convolutions and a pool side by side, so that nothing is squeezed through a bottleneck.</summary>
    private Node BlockB(string name, Node x)
    {
        var three = Conv($"{name}.branch3x3", x, 384, Valid(3, stride: 2));
        var doubled = Conv($"{name}.branch3x3dbl_1", x, 64, Window.Square(1));
        doubled = Conv($"{name}.branch3x3dbl_2", doubled, 96, Window.Same(3, 3));
        doubled = Conv($"{name}.branch3x3dbl_3", doubled, 96, Valid(3, stride: 2));
        return Join(name, three, doubled, MaxPool($"{name}.branch_pool", x));
    }

    /// <summary>Figure 6: every 7×7 as 1×7 and 7×1.</summary>
    private Node BlockC(string name, Node x, int sevens)
    {
        var one = Conv($"{name}.branch1x1", x, 192, Window.Square(1));
        var seven = Conv($"{name}.branch7x7_1", x, sevens, Window.Square(1));
        seven = Conv($"{name}.branch7x7_2", seven, sevens, Window.Same(1, 7));
        seven = Conv($"{name}.branch7x7_3", seven, 192, Window.Same(7, 1));
        var doubled = Conv($"{name}.branch7x7dbl_1", x, sevens, Window.Square(1));
        doubled = Conv($"{name}.branch7x7dbl_2", doubled, sevens, Window.Same(7, 1));
        doubled = Conv($"{name}.branch7x7dbl_3", doubled, sevens, Window.Same(1, 7));
        doubled = Conv($"{name}.branch7x7dbl_4", doubled, sevens, Window.Same(7, 1));
        doubled = Conv($"{name}.branch7x7dbl_5", doubled, 192, Window.Same(1, 7));
        return Join(name, one, seven, doubled, Projection(name, x, 192));
    }

    /// <summary>Figure 10 again, with a 7×7 before one of its strides.</summary>
    private Node BlockD(string name, Node x)
    {
        var three = Conv($"{name}.branch3x3_1", x, 192, Window.Square(1));
        three = Conv($"{name}.branch3x3_2", three, 320, Valid(3, stride: 2));
        var seven = Conv($"{name}.branch7x7x3_1", x, 192, Window.Square(1));
        seven = Conv($"{name}.branch7x7x3_2", seven, 192, Window.Same(1, 7));
        seven = Conv($"{name}.branch7x7x3_3", seven, 192, Window.Same(7, 1));
        seven = Conv($"{name}.branch7x7x3_4", seven, 192, Valid(3, stride: 2));
        return Join(name, three, seven, MaxPool($"{name}.branch_pool", x));
    }

    /// <summary>Figure 7: the filter bank spread out, for the coarsest grid.</summary>
    private Node BlockE(string name, Node x)
    {
        var one = Conv($"{name}.branch1x1", x, 320, Window.Square(1));
        var three = Conv($"{name}.branch3x3_1", x, 384, Window.Square(1));
        var threeA = Conv($"{name}.branch3x3_2a", three, 384, Window.Same(1, 3));
        var threeB = Conv($"{name}.branch3x3_2b", three, 384, Window.Same(3, 1));
        var doubled = Conv($"{name}.branch3x3dbl_1", x, 448, Window.Square(1));
        doubled = Conv($"{name}.branch3x3dbl_2", doubled, 384, Window.Same(3, 3));
        var doubledA = Conv($"{name}.branch3x3dbl_3a", doubled, 384, Window.Same(1, 3));
        var doubledB = Conv($"{name}.branch3x3dbl_3b", doubled, 384, Window.Same(3, 1));
        return Join(name, one, threeA, threeB, doubledA, doubledB, Projection(name, x, 192));
    }

    /// <summary>
    /// The auxiliary classifier (§4). Its pool, 5×5 with stride 3, gives 5×5 from the published grid; at others an adaptive pool gives the
    /// same, so that the layers after it do not depend on the input.
    /// </summary>
    private Node[] SideHead(string name, Node x)
    {
        if (!_options.Aux)
            return [];

        x = _net.Append(
            $"{name}.pool",
            x.Output.Height is >= 17 and <= 19
                ? new AvgPool(Window.Square(5, stride: 3), RoundUp: false, CountPadding: true)
                : new AdaptiveAvgPool(5, 5),
            x);                                                                             //  768 × 5 × 5
        x = Conv($"{name}.conv0", x, 128, Window.Square(1));                                //  128 × 5 × 5
        x = Conv($"{name}.conv1", x, 768, Window.Square(5), initialDeviation: 0.01);        //  768 × 1 × 1
        x = _net.Append($"{name}.flatten", new Flatten(), x);                               //  768
        return [_net.Append($"{name}.fc", new Linear(_options.Classes) { InitialDeviation = 0.001 }, x)];
    }

    private Node Projection(string name, Node x, int channels)
    {
        x = _net.Append($"{name}.branch_pool.pool", new AvgPool(Window.Same(3, 3), RoundUp: false, CountPadding: true), x);
        return Conv($"{name}.branch_pool", x, channels, Window.Square(1));
    }

    private Node Join(string name, params Node[] branches) => _net.Append($"{name}.concat", new Concat(), branches);

    /// <summary>Convolution, batch normalisation, rectifier.</summary>
    private Node Conv(string name, Node x, int channels, Window window, double? initialDeviation = null)
    {
        var conv = new Conv(_options.Channels(channels), window, Bias: false) { InitialDeviation = initialDeviation };
        x = _net.Append($"{name}.conv", conv, x);
        x = _net.Append($"{name}.bn", new BatchNorm(Epsilon: 1e-3), x);
        return _net.Append($"{name}.relu", new Relu(), x);
    }

    private Node MaxPool(string name, Node x) => _net.Append(name, new MaxPool(Valid(3, stride: 2), RoundUp: false), x);

    /// <summary>A window that is not padded, but for the lowest resolution, where a lost border is a large part of the picture.</summary>
    private Window Valid(int kernel, int stride = 1) => Window.Square(kernel, stride, _stem == Stem.Eighth ? kernel / 2 : 0);
}
