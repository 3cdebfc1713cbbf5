using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>
/// GoogLeNet (Szegedy et al. 2014, Table 1), once as in the paper and once with batch normalisation. Layers are named as in torchvision.
/// Shapes in comments are for 224 pixels at width 1.
/// </summary>
internal sealed partial class GoogLeNet : Blueprint
{
    private readonly bool _normalised;

    private GoogLeNet(NetworkPlan plan, bool normalised)
        : base(plan) => _normalised = normalised;

    private Network Build()
    {
        var x = Net.Input; //    3 × 224 × 224
        Net.Part = "Stem, 3a and 3b";
        x = Stem("conv1", x); //   64 × 112 × 112
        var early = Plan.Stem == Networks.Stem.Quarter && Get(Traits.EarlyPool);
        if (early || Plan.Stem is Networks.Stem.Full or Networks.Stem.Half)
            x = MaxPool("maxpool1", x, 3); //   64 ×  56 ×  56
        x = Lrn("norm1", x);
        x = Conv("conv2", x, 64, Window.Square(1)); //   64 ×  56 ×  56
        x = Conv("conv3", x, 192, Window.Same(3, 3)); //  192 ×  56 ×  56
        x = Lrn("norm2", x);
        if (!early)
            x = MaxPool("maxpool2", x, 3); //  192 ×  28 ×  28
        //                    1×1  3×3 reduce  3×3  5×5 reduce  5×5  pool projection
        x = Inception("3a", x, 64, 96, 128, 16, 32, 32); //  256 ×  28 ×  28
        x = Inception("3b", x, 128, 128, 192, 32, 96, 64); //  480 ×  28 ×  28
        Net.Part = "4a to 4e";
        x = MaxPool("maxpool3", x, 3); //  480 ×  14 ×  14
        x = Inception("4a", x, 192, 96, 208, 16, 48, 64); //  512 ×  14 ×  14
        var side1 = Aux("aux1", x);
        x = Inception("4b", x, 160, 112, 224, 24, 64, 64); //  512 ×  14 ×  14
        x = Inception("4c", x, 128, 128, 256, 24, 64, 64); //  512 ×  14 ×  14
        x = Inception("4d", x, 112, 144, 288, 32, 64, 64); //  528 ×  14 ×  14
        var side2 = Aux("aux2", x);
        x = Inception("4e", x, 256, 160, 320, 32, 128, 128); //  832 ×  14 ×  14
        Net.Part = "5a, 5b and classifier";
        x = MaxPool("maxpool4", x, Get(Traits.Pool4)); //  832 ×   7 ×   7
        x = Inception("5a", x, 256, 160, 320, 32, 128, 128); //  832 ×   7 ×   7
        x = Inception("5b", x, 384, 192, 384, 48, 128, 128); // 1024 ×   7 ×   7
        x = Classifier("fc", x); // classes

        return Net.Build(_normalised ? WeightInit.He : WeightInit.CaffeXavier, x, [.. side1, .. side2]);
    }

    private Node Stem(string name, Node x)
    {
        var kernel = Get(Traits.StemKernel);
        var window = Plan.Stem == Networks.Stem.Full ? Halving(kernel, x) : Window.Same(kernel, kernel);
        if (!Get(Traits.SeparableStem))
            return Conv(name, x, 64, window);

        var depth = x.Output.Channels;
        x = Net.Append($"{name}.depthwise", new Conv(8 * depth, window, Bias: false, Groups: depth), x);
        return Conv(name, x, 64, Window.Square(1));
    }

    /// <summary>The module of Figure 2: convolutions of different sizes side by side, in (b) each made cheap by a 1×1
    /// convolution.</summary>
    private Node Inception(string block, Node x, int one, int threeReduce, int three, int fiveReduce, int five, int projection)
    {
        var name = $"inception{block}";
        var third = Get(Traits.ThirdBranch);

        var branch1 = Conv($"{name}.branch1", x, one, Window.Square(1));
        var branch2 = Reduce($"{name}.branch2.0", x, threeReduce);
        branch2 = Conv($"{name}.branch2.1", branch2, three, Window.Same(3, 3));
        var branch3 = Reduce($"{name}.branch3.0", x, fiveReduce);
        branch3 = Conv($"{name}.branch3.1", branch3, five, Window.Same(third, third));
        var branch4 = Net.Append($"{name}.branch4.0", new MaxPool(Window.Same(3, 3), RoundUp: true), x);
        branch4 = Reduce($"{name}.branch4.1", branch4, projection);

        return Net.Append($"{name}.concat", new Concat(), branch1, branch2, branch3, branch4);
    }

    /// <summary>
    /// An auxiliary classifier (§5 of the paper). Its pool, 5×5 with stride 3, gives 4×4 from a grid of 14 to 16; at other grids, and
    /// always in torchvision's network, an adaptive pool gives the same 4×4, so that the layers after it do not depend on the input.
    /// </summary>
    private Node[] Aux(string name, Node x)
    {
        if (!HasAux)
            return [];

        var windows = Get(Traits.AuxPool) == AuxPool.Window && x.Output.Height is >= 14 and <= 16;
        var normalised = _normalised && Get(Traits.AuxBn);
        x = Net.Append(
            $"{name}.pool",
            windows ? new AvgPool(Window.Square(5, stride: 3), RoundUp: false, CountPadding: false) : new AdaptiveAvgPool(4, 4),
            x
        ); //  512 × 4 × 4
        x = Conv($"{name}.conv", x, 128, Window.Square(1)); //  128 × 4 × 4
        x = Net.Append($"{name}.flatten", new Flatten(), x); // 2048
        x = Net.Append($"{name}.fc1", new Linear(Channels(1024), Bias: !normalised), x); // 1024
        if (normalised)
            x = Net.Append($"{name}.bn", BatchNorm, x);
        x = Net.Append($"{name}.relu", new Relu(), x);
        x = Dropout($"{name}.dropout", x, Get(Traits.AuxDropout));
        return [Net.Append($"{name}.fc2", new Linear(Plan.Options.Classes), x)]; // classes
    }

    /// <summary>Convolution, batch normalisation where there is any, rectifier.</summary>
    private Node Conv(string name, Node x, int channels, Window window)
    {
        var bias = !_normalised || Get(Traits.ConvBias);
        x = Net.Append($"{name}.conv", new Conv(Channels(channels), window, bias), x);
        if (_normalised)
            x = Net.Append($"{name}.bn", BatchNorm, x);
        return Net.Append($"{name}.relu", new Relu(), x);
    }

    private Node Reduce(string name, Node x, int channels) => Get(Traits.Reduce) ? Conv(name, x, channels, Window.Square(1)) : x;

    private Node MaxPool(string name, Node x, int kernel) =>
        Net.Append(
            name,
            Get(Traits.Padding) == Padding.Same ? HalvingPool(kernel, x) : new MaxPool(Window.Square(kernel, stride: 2), RoundUp: true),
            x
        );

    private Node Lrn(string name, Node x) => !_normalised && Get(Traits.Lrn) ? Net.Append(name, new Lrn(), x) : x;
}
