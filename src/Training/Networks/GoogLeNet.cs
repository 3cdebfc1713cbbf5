using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>
/// GoogLeNet (Szegedy et al. 2014, Table 1), once as in the paper and once with batch normalisation as torchvision ships it. Layers
/// are named as in torchvision. Shapes in comments are for 224 pixels at width 1.
/// </summary>
/// <remarks>
/// Low resolution follows the idea of Szegedy et al. 2015, §4.4: keep the grid of the later stages by taking strides out of the stem.
/// From 112 pixels the stem is the published one, from 56 conv1 has stride 1, and below that the first pool is left out too.
/// </remarks>
public sealed class GoogLeNet
{
    /// <summary>The smallest input; its last grid is 2×2.</summary>
    public const int MinInput = 16;

    private readonly NetworkBuilder _net;
    private readonly NetworkOptions _options;
    private readonly bool _normalised;
    private readonly Stem _stem;

    private GoogLeNet(string name, NetworkOptions options, bool normalised)
    {
        options.Validate(name, MinInput);
        _options = options;
        _normalised = normalised;
        var pixels = options.Input ?? 224;
        _stem = options.Stem ?? StemFor(pixels);
        _net = new NetworkBuilder(name, pixels);
    }

    /// <summary>
    /// The paper's network, with what the paper leaves open taken from BVLC's: biased convolutions, local response normalisation, 5×5
    /// branches, no batch normalisation. 6,998,552 parameters at 1000 classes.
    /// </summary>
    public static Network Paper(NetworkOptions options) => new GoogLeNet("googlenet", options, normalised: false).Build();

    /// <summary>
    /// torchvision's network: batch normalisation after every convolution, and 3×3 where the paper has 5×5 (a mistake of the TensorFlow
    /// original that the released weights depend on). 6,624,904 parameters at 1000 classes.
    /// </summary>
    public static Network Normalised(NetworkOptions options) => new GoogLeNet("googlenet-bn", options, normalised: true).Build();

    private static Stem StemFor(int pixels) => pixels switch
    {
        >= 112 => Stem.Full,
        >= 56 => Stem.Half,
        _ => Stem.Quarter,
    };

    private Network Build()
    {
        var x = _net.Input;                                                                //    3 × 224 × 224
        x = Conv("conv1", x, 64, Window.Square(7, stride: _stem == Stem.Full ? 2 : 1, pad: 3)); //   64 × 112 × 112
        if (_stem is Stem.Full or Stem.Half)
            x = MaxPool("maxpool1", x, 3);                                                 //   64 ×  56 ×  56
        x = Lrn("norm1", x);
        x = Conv("conv2", x, 64, Window.Square(1));                                        //   64 ×  56 ×  56
        x = Conv("conv3", x, 192, Window.Same(3, 3));                                      //  192 ×  56 ×  56
        x = Lrn("norm2", x);
        x = MaxPool("maxpool2", x, 3);                                                     //  192 ×  28 ×  28
        //                    1×1  3×3 reduce  3×3  5×5 reduce  5×5  pool projection
        x = Inception("3a", x, 64, 96, 128, 16, 32, 32);                                   //  256 ×  28 ×  28
        x = Inception("3b", x, 128, 128, 192, 32, 96, 64);                                 //  480 ×  28 ×  28
        x = MaxPool("maxpool3", x, 3);                                                     //  480 ×  14 ×  14
        x = Inception("4a", x, 192, 96, 208, 16, 48, 64);                                  //  512 ×  14 ×  14
        var side1 = SideHead("aux1", x);
        x = Inception("4b", x, 160, 112, 224, 24, 64, 64);                                 //  512 ×  14 ×  14
        x = Inception("4c", x, 128, 128, 256, 24, 64, 64);                                 //  512 ×  14 ×  14
        x = Inception("4d", x, 112, 144, 288, 32, 64, 64);                                 //  528 ×  14 ×  14
        var side2 = SideHead("aux2", x);
        x = Inception("4e", x, 256, 160, 320, 32, 128, 128);                               //  832 ×  14 ×  14
        x = MaxPool("maxpool4", x, _normalised ? 2 : 3);                                   //  832 ×   7 ×   7
        x = Inception("5a", x, 256, 160, 320, 32, 128, 128);                               //  832 ×   7 ×   7
        x = Inception("5b", x, 384, 192, 384, 48, 128, 128);                               // 1024 ×   7 ×   7
        x = _net.Append("avgpool", new GlobalAvgPool(), x);                                // 1024
        x = _net.Append("dropout", new Dropout(_options.Dropout ?? (_normalised ? 0.2 : 0.4)), x);
        x = _net.Append("fc", new Linear(_options.Classes), x);                            // classes

        return _net.Build(_normalised ? WeightInit.He : WeightInit.CaffeXavier, x, [.. side1, .. side2]);
    }

    /// <summary>The module of Figure 2(b): four looks at different scales side by side, each made cheap by a 1×1 convolution.</summary>
    private Node Inception(string block, Node x, int one, int threeReduce, int three, int fiveReduce, int five, int projection)
    {
        var name = $"inception{block}";
        var third = _normalised ? 3 : 5;

        var branch1 = Conv($"{name}.branch1", x, one, Window.Square(1));
        var branch2 = Conv($"{name}.branch2.0", x, threeReduce, Window.Square(1));
        branch2 = Conv($"{name}.branch2.1", branch2, three, Window.Same(3, 3));
        var branch3 = Conv($"{name}.branch3.0", x, fiveReduce, Window.Square(1));
        branch3 = Conv($"{name}.branch3.1", branch3, five, Window.Same(third, third));
        var branch4 = _net.Append($"{name}.branch4.0", new MaxPool(Window.Same(3, 3), RoundUp: true), x);
        branch4 = Conv($"{name}.branch4.1", branch4, projection, Window.Square(1));

        return _net.Append($"{name}.concat", new Concat(), branch1, branch2, branch3, branch4);
    }

    /// <summary>
    /// An auxiliary classifier (§5 of the paper). Its pool, 5×5 with stride 3, gives 4×4 from a grid of 14 to 16; at other grids, and
    /// always in torchvision's network, an adaptive pool gives the same 4×4, so that the layers after it do not depend on the input.
    /// </summary>
    private Node[] SideHead(string name, Node x)
    {
        if (!_options.Aux)
            return [];

        var asPublished = !_normalised && x.Output.Height is >= 14 and <= 16;
        x = _net.Append(
            $"{name}.pool",
            asPublished ? new AvgPool(Window.Square(5, stride: 3), RoundUp: false, CountPadding: false) : new AdaptiveAvgPool(4, 4),
            x);                                                                            //  512 × 4 × 4
        x = Conv($"{name}.conv", x, 128, Window.Square(1));                                //  128 × 4 × 4
        x = _net.Append($"{name}.flatten", new Flatten(), x);                              // 2048
        x = _net.Append($"{name}.fc1", new Linear(_options.Channels(1024)), x);            // 1024
        x = _net.Append($"{name}.relu", new Relu(), x);
        x = _net.Append($"{name}.dropout", new Dropout(_options.AuxDropout ?? 0.7), x);
        return [_net.Append($"{name}.fc2", new Linear(_options.Classes), x)];              // classes
    }

    /// <summary>Convolution, batch normalisation where there is any, rectifier.</summary>
    private Node Conv(string name, Node x, int channels, Window window)
    {
        x = _net.Append($"{name}.conv", new Conv(_options.Channels(channels), window, Bias: !_normalised), x);
        if (_normalised)
            x = _net.Append($"{name}.bn", new BatchNorm(Epsilon: 1e-3), x);
        return _net.Append($"{name}.relu", new Relu(), x);
    }

    private Node MaxPool(string name, Node x, int kernel) => _net.Append(name, new MaxPool(Window.Square(kernel, stride: 2), RoundUp: true), x);

    private Node Lrn(string name, Node x) => _normalised ? x : _net.Append(name, new Lrn(), x);
}
