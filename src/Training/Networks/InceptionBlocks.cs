using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>
/// The blocks of Inception-v2 and v3 (Szegedy et al. 2015), with the filter banks of the released v3, which torchvision, Keras and
/// TF-slim share. Named as in torchvision.
/// </summary>
internal abstract class InceptionBlocks : Blueprint
{
    private protected InceptionBlocks(NetworkPlan plan)
        : base(plan) { }

    /// <summary>The stem that brings the first blocks near to their published grid of 35.</summary>
    internal static Stem StemFor(int pixels) =>
        pixels switch
        {
            >= 200 => Stem.Full,
            >= 100 => Stem.Half,
            >= 40 => Stem.Quarter,
            _ => Stem.Eighth,
        };

    /// <summary>The stem up to its first pool: a 7×7, or three 3×3 that see as far.</summary>
    protected Node First(Node x)
    {
        var stride = Plan.Stem == Stem.Full ? 2 : 1;
        if (!Get(Traits.FactorisedStem))
            return Conv("Conv2d_1a_7x7", x, 64, Valid(7, stride));

        x = Conv("Conv2d_1a_3x3", x, 32, Valid(3, stride)); //   32 × 149 × 149
        x = Conv("Conv2d_2a_3x3", x, 32, Valid(3)); //   32 × 147 × 147
        return Conv("Conv2d_2b_3x3", x, 64, Window.Same(3, 3));
    }

    /// <summary>Figure 5, whose third branch the released network kept as 5×5.</summary>
    protected Node BlockA(string name, Node x, int projection)
    {
        var third = Get(Traits.ThirdBranch);
        var one = Conv($"{name}.branch1x1", x, 64, Window.Square(1));
        var five = Conv($"{name}.branch5x5_1", x, 48, Window.Square(1));
        five = Conv($"{name}.branch5x5_2", five, 64, Window.Same(third, third));
        var doubled = Conv($"{name}.branch3x3dbl_1", x, 64, Window.Square(1));
        doubled = Conv($"{name}.branch3x3dbl_2", doubled, 96, Window.Same(3, 3));
        doubled = Conv($"{name}.branch3x3dbl_3", doubled, 96, Window.Same(3, 3));
        return Join(name, one, five, doubled, Projection(name, x, projection));
    }

    /// <summary>Figure 10: the grid is halved by convolutions and a pool side by side, so that nothing is squeezed through a
    /// bottleneck.</summary>
    protected Node BlockB(string name, Node x)
    {
        var three = Conv($"{name}.branch3x3", x, 384, Valid(3, stride: 2));
        var doubled = Conv($"{name}.branch3x3dbl_1", x, 64, Window.Square(1));
        doubled = Conv($"{name}.branch3x3dbl_2", doubled, 96, Window.Same(3, 3));
        doubled = Conv($"{name}.branch3x3dbl_3", doubled, 96, Valid(3, stride: 2));
        return Join(name, three, doubled, MaxPool($"{name}.branch_pool", x));
    }

    /// <summary>Figure 6: every 7×7 as 1×7 and 7×1.</summary>
    protected Node BlockC(string name, Node x, int sevens)
    {
        var one = Conv($"{name}.branch1x1", x, 192, Window.Square(1));
        var seven = Conv($"{name}.branch7x7_1", x, sevens, Window.Square(1));
        seven = Sevens($"{name}.branch7x7", seven, [(1, 7), (7, 1)], [sevens, 192]);
        var doubled = Conv($"{name}.branch7x7dbl_1", x, sevens, Window.Square(1));
        doubled = Sevens($"{name}.branch7x7dbl", doubled, [(7, 1), (1, 7), (7, 1), (1, 7)], [sevens, sevens, sevens, 192]);
        return Join(name, one, seven, doubled, Projection(name, x, 192));
    }

    /// <summary>Figure 10 again, with a 7×7 before one of its strides.</summary>
    protected Node BlockD(string name, Node x)
    {
        var three = Conv($"{name}.branch3x3_1", x, 192, Window.Square(1));
        three = Conv($"{name}.branch3x3_2", three, 320, Valid(3, stride: 2));
        var seven = Conv($"{name}.branch7x7x3_1", x, 192, Window.Square(1));
        seven = Sevens($"{name}.branch7x7x3", seven, [(1, 7), (7, 1)], [192, 192]);
        seven = Conv($"{name}.branch7x7x3_4", seven, 192, Valid(3, stride: 2));
        return Join(name, three, seven, MaxPool($"{name}.branch_pool", x));
    }

    /// <summary>Figure 7: the filter bank spread out, for the coarsest grid.</summary>
    protected Node BlockE(string name, Node x, LastPool pool = LastPool.Average)
    {
        var one = Conv($"{name}.branch1x1", x, 320, Window.Square(1));
        var three = Conv($"{name}.branch3x3_1", x, 384, Window.Square(1));
        var threeA = Conv($"{name}.branch3x3_2a", three, 384, Window.Same(1, 3));
        var threeB = Conv($"{name}.branch3x3_2b", three, 384, Window.Same(3, 1));
        var doubled = Conv($"{name}.branch3x3dbl_1", x, 448, Window.Square(1));
        doubled = Conv($"{name}.branch3x3dbl_2", doubled, 384, Window.Same(3, 3));
        var doubledA = Conv($"{name}.branch3x3dbl_3a", doubled, 384, Window.Same(1, 3));
        var doubledB = Conv($"{name}.branch3x3dbl_3b", doubled, 384, Window.Same(3, 1));
        return Join(name, one, threeA, threeB, doubledA, doubledB, Projection(name, x, 192, pool));
    }

    /// <summary>
    /// The auxiliary classifier (§4). Its pool, 5×5 with stride 3, gives 5×5 from a grid of 17 to 19; at others an adaptive pool gives the
    /// same, so that the layers after it do not depend on the input. The 5×5 convolution on 5×5 is the hidden fully connected layer.
    /// </summary>
    protected Node[] Aux(string name, Node x)
    {
        if (!HasAux)
            return [];

        var published = new AvgPool(Window.Square(5, stride: 3), RoundUp: false, CountPadding: false);
        x = Net.Append($"{name}.pool", x.Output.Height is >= 17 and <= 19 ? published : new AdaptiveAvgPool(5, 5), x);
        x = Conv($"{name}.conv0", x, 128, Window.Square(1)); //  128 × 5 × 5
        x = Conv($"{name}.conv1", x, 768, Window.Square(5), Get(Traits.AuxBn), initialDeviation: 0.01);
        x = Net.Append($"{name}.flatten", new Flatten(), x); //  768
        return [Net.Append($"{name}.fc", new Linear(Plan.Options.Classes) { InitialDeviation = 0.001 }, x)];
    }

    /// <summary>Convolution, batch normalisation, rectifier.</summary>
    protected Node Conv(string name, Node x, int channels, Window window, bool normalised = true, double? initialDeviation = null)
    {
        var conv = new Conv(Channels(channels), window, Bias: !normalised || Get(Traits.ConvBias)) { InitialDeviation = initialDeviation };
        x = Net.Append($"{name}.conv", conv, x);
        if (normalised)
            x = Net.Append($"{name}.bn", BatchNorm, x);
        return Net.Append($"{name}.relu", new Relu(), x);
    }

    protected Node MaxPool(string name, Node x) => Net.Append(name, new MaxPool(Valid(3, stride: 2), RoundUp: false), x);

    /// <summary>A window that is not padded, but for the lowest resolution, where a lost border is a large part of the image.</summary>
    protected Window Valid(int kernel, int stride = 1) => Window.Square(kernel, stride, Plan.Stem == Stem.Eighth ? kernel / 2 : 0);

    /// <summary>Layers 2, 3, … of a branch: one or more 7×7, each as two, or each whole with the second one's name and width.</summary>
    private Node Sevens(string branch, Node x, (int Rows, int Columns)[] kernels, int[] channels)
    {
        var whole = !Get(Traits.Factorised7x7);
        for (var i = whole ? 1 : 0; i < kernels.Length; i += whole ? 2 : 1)
            x = Conv($"{branch}_{i + 2}", x, channels[i], whole ? Window.Same(7, 7) : Window.Same(kernels[i].Rows, kernels[i].Columns));
        return x;
    }

    private Node Projection(string name, Node x, int channels, LastPool pool = LastPool.Average)
    {
        Layer layer =
            pool == LastPool.Max
                ? new MaxPool(Window.Same(3, 3), RoundUp: false)
                : new AvgPool(Window.Same(3, 3), RoundUp: false, Get(Traits.CountPadding));
        return Conv($"{name}.branch_pool", Net.Append($"{name}.branch_pool.pool", layer, x), channels, Window.Square(1));
    }

    private Node Join(string name, params Node[] branches) => Net.Append($"{name}.concat", new Concat(), branches);
}
