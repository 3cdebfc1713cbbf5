using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>
/// BN-Inception (Ioffe and Szegedy 2015, appendix), the first network with batch normalisation, also called Inception-v2. Layers are named
/// as in Cadene's collection. Shapes in comments are for 224 pixels at width 1, with pool projections of 128 in 4c and 4d.
/// </summary>
internal sealed partial class BnInception : Blueprint
{
    private BnInception(NetworkPlan plan)
        : base(plan) { }

    private Network Build()
    {
        var x = Net.Input; //    3 × 224 × 224
        Net.Part = "Stem, 3a and 3b";
        x = First(x); //   64 × 112 × 112
        if (Plan.Stem is Stem.Full or Stem.Half)
            x = Pool("pool1_3x3_s2", x); //   64 ×  56 ×  56
        x = Conv("conv2", "3x3_reduce", x, 64, Window.Square(1)); //   64 ×  56 ×  56
        x = Conv("conv2", "3x3", x, 192, Window.Same(3, 3)); //  192 ×  56 ×  56
        x = Pool("pool2_3x3_s2", x); //  192 ×  28 ×  28

        var cd = Get(Traits.Projection4cd);
        //               1×1  3×3 reduce  3×3  double reduce  double 3×3  pool projection
        x = Block("3a", x, 64, 64, 64, 64, 96, 32); //  256 ×  28 ×  28
        x = Block("3b", x, 64, 64, 96, 64, 96, 64); //  320 ×  28 ×  28
        Net.Part = "3c to 4d";
        x = Reduction("3c", x, 128, 160, 64, 96); //  576 ×  14 ×  14
        var side1 = Aux("loss1", x, grid: 4);
        x = Block("4a", x, 224, 64, 96, 96, 128, 128); //  576 ×  14 ×  14
        x = Block("4b", x, 192, 96, 128, 96, 128, 128); //  576 ×  14 ×  14
        x = Block("4c", x, 160, 128, 160, 128, 160, cd); //  608 ×  14 ×  14
        x = Block("4d", x, 96, 128, 192, 160, 192, cd); //  608 ×  14 ×  14
        Net.Part = "4e to 5b and classifier";
        x = Reduction("4e", x, 128, 192, 192, 256); // 1056 ×   7 ×   7
        var side2 = Aux("loss2", x, grid: 2);
        x = Block("5a", x, 352, 192, 320, 160, 224, 128); // 1024 ×   7 ×   7
        x = Block("5b", x, 352, 192, 320, 192, 224, 128, maximum: true); // 1024 ×   7 ×   7
        Net.Stage = null;
        x = Classifier("last_linear", x); // classes

        return Net.Build(WeightInit.He, x, [.. side1, .. side2]);
    }

    /// <summary>conv1, in the paper and in TF-slim as a 7×7 for each colour, 8 deep, and a 1×1 over all of them.</summary>
    private Node First(Node x)
    {
        var window = Plan.Stem == Stem.Full ? Halving(7, x) : Window.Same(7, 7);
        if (!Get(Traits.SeparableStem))
            return Conv("conv1", "7x7_s2", x, 64, window);

        var depth = x.Output.Channels;
        Net.Stage = "conv1";
        x = Net.Append("conv1_7x7_s2_depthwise", new Conv(8 * depth, window, Bias: false, Groups: depth), x);
        return Conv("conv1", "7x7_s2", x, 64, Window.Square(1));
    }

    /// <summary>GoogLeNet's module with two 3×3 for its 5×5, and means in its pool branch but for the last one.</summary>
    private Node Block(
        string block,
        Node x,
        int one,
        int threeReduce,
        int three,
        int doubleReduce,
        int doubled,
        int projection,
        bool maximum = false
    )
    {
        var name = $"inception_{block}";
        var branch1 = Conv(name, "1x1", x, one, Window.Square(1));
        var branch2 = Conv(name, "3x3_reduce", x, threeReduce, Window.Square(1));
        branch2 = Conv(name, "3x3", branch2, three, Window.Same(3, 3));
        var branch3 = Conv(name, "double_3x3_reduce", x, doubleReduce, Window.Square(1));
        branch3 = Conv(name, "double_3x3_1", branch3, doubled, Window.Same(3, 3));
        branch3 = Conv(name, "double_3x3_2", branch3, doubled, Window.Same(3, 3));
        Layer pool = maximum
            ? new MaxPool(Window.Same(3, 3), RoundUp: false)
            : new AvgPool(Window.Same(3, 3), RoundUp: false, Get(Traits.CountPadding));
        var branch4 = Conv(name, "pool_proj", Net.Append($"{name}_pool", pool, x), projection, Window.Square(1));
        return Net.Append($"{name}_output", new Concat(), branch1, branch2, branch3, branch4);
    }

    /// <summary>A module that halves the grid: stride 2 in the last convolutions, and the input's own maximum passed through.</summary>
    private Node Reduction(string block, Node x, int threeReduce, int three, int doubleReduce, int doubled)
    {
        var name = $"inception_{block}";
        var branch1 = Conv(name, "3x3_reduce", x, threeReduce, Window.Square(1));
        branch1 = Conv(name, "3x3", branch1, three, Halving(3, x));
        var branch2 = Conv(name, "double_3x3_reduce", x, doubleReduce, Window.Square(1));
        branch2 = Conv(name, "double_3x3_1", branch2, doubled, Window.Same(3, 3));
        branch2 = Conv(name, "double_3x3_2", branch2, doubled, Halving(3, x));
        return Net.Append($"{name}_output", new Concat(), branch1, branch2, Net.Append($"{name}_pool", HalvingPool(3, x), x));
    }

    /// <summary>
    /// An auxiliary classifier as in lim0606's training network. 5×5 means with stride 3, hanging over the edge as Caffe lets them, give
    /// 4×4 from 14 and 2×2 from 7; at other grids an adaptive pool gives the same.
    /// </summary>
    private Node[] Aux(string name, Node x, int grid)
    {
        if (!HasAux)
            return [];

        var normalised = Get(Traits.AuxBn);
        var published = new AvgPool(Window.Square(5, stride: 3), RoundUp: true, CountPadding: false);
        var fits = x.Output.Height >= 5 && published.Output([x.Output]).Height == grid;
        Net.Stage = name;
        x = Net.Append($"{name}_pool", fits ? published : new AdaptiveAvgPool(grid, grid), x);
        x = Conv(name, "conv", x, 128, Window.Square(1));
        x = Net.Append($"{name}_flatten", new Flatten(), x);
        x = Net.Append($"{name}_fc", new Linear(Channels(1024), Bias: !normalised), x);
        if (normalised)
            x = Net.Append($"{name}_fc_bn", BatchNorm, x);
        x = Net.Append($"{name}_fc_relu", new Relu(), x);
        x = Dropout($"{name}_dropout", x, Get(Traits.AuxDropout));
        return [Net.Append($"{name}_classifier", new Linear(Plan.Options.Classes), x)];
    }

    private Node Pool(string name, Node x)
    {
        Net.Stage = null;
        return Net.Append(name, HalvingPool(3, x), x);
    }

    /// <summary>Convolution, batch normalisation, rectifier.</summary>
    private Node Conv(string stage, string name, Node x, int channels, Window window)
    {
        Net.Stage = stage;
        x = Net.Append($"{stage}_{name}", new Conv(Channels(channels), window, Get(Traits.ConvBias)), x);
        x = Net.Append($"{stage}_{name}_bn", BatchNorm, x);
        return Net.Append($"{stage}_relu_{name}", new Relu(), x);
    }
}
