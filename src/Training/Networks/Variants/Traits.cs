using System.Globalization;

namespace Saccade.Training.Networks.Variants;

/// <summary>All traits.</summary>
public static class Traits
{
    /// <summary>γ of batch normalisation. Keras's Inception-v3 and all of TF-slim have β only.</summary>
    public static readonly Trait<bool> BnScale = Flag("bn-scale", "whether batch normalisation has a learnt scale");

    /// <summary>ε of batch normalisation.</summary>
    public static readonly Trait<double> BnEpsilon = Number(
        "bn-epsilon",
        "what batch normalisation adds to the variance",
        "a number above 0",
        value => value > 0 && double.IsFinite(value)
    );

    /// <summary>1 minus TensorFlow's decay.</summary>
    public static readonly Trait<double> BnMomentum = Number(
        "bn-momentum",
        "share of a batch in the running statistics",
        "a number above 0 and at most 1",
        value => value is > 0 and <= 1
    );

    /// <summary>Useless beside batch normalisation, but Cadene's BN-Inception has it.</summary>
    public static readonly Trait<bool> ConvBias = Flag("conv-bias", "whether convolutions have a bias before batch normalisation");

    /// <summary>torchvision and timm count, Keras and TF-slim don't.</summary>
    public static readonly Trait<bool> CountPadding = Flag("count-padding", "whether 3×3 average pools count padding as zeros");

    /// <summary>See <see cref="Variants.Padding"/>.</summary>
    public static readonly Trait<Padding> Padding = OneOf<Padding>("padding", "how layers of stride 2 are padded");

    /// <summary>5×5 in GoogLeNet's paper, 3×3 by mistake in TF-slim and so in torchvision; in Inception-v2 3×3 in Figure 5, 5×5 in what was
    /// released.</summary>
    public static readonly Trait<int> ThirdBranch = OneOf("third-branch", "kernel of an Inception module's third branch", 3, 5);

    /// <summary>3×3 in the paper and in Caffe, 2×2 in TF-slim and torchvision.</summary>
    public static readonly Trait<int> Pool4 = OneOf("pool4", "kernel of GoogLeNet's fourth pool", 2, 3);

    /// <summary>In the paper's figure only; what it was set to is Caffe's.</summary>
    public static readonly Trait<bool> Lrn = Flag("lrn", "whether the stem has local response normalisation");

    /// <summary>Figure 2 of GoogLeNet's paper: (b) with, (a) without.</summary>
    public static readonly Trait<bool> Reduce = Flag("reduce", "whether modules have 1×1 reductions and a pool projection");

    /// <summary>By the count in GoogLeNet's Table 1 and by BN-Inception's text: 7×7 depthwise, 8 a channel, then 1×1.</summary>
    public static readonly Trait<bool> SeparableStem = Flag("separable-stem", "whether the first convolution is depthwise separable");

    /// <summary>7×7 for images of 224 pixels; every network for CIFAR-10 has 3×3.</summary>
    public static readonly Trait<int> StemKernel = OneOf("stem-kernel", "kernel of GoogLeNet's first convolution", 3, 7);

    /// <summary>The convolution between the two costs a quarter behind the first one, and shrinking by as much.</summary>
    public static readonly Trait<bool> EarlyPool = Flag(
        "early-pool",
        "whether GoogLeNet's quarter stem keeps its first pool, not its second"
    );

    /// <summary>16 floats are one register of AVX-512: oneDNN's kernels waste the rest of a block.</summary>
    public static readonly Trait<int> ChannelMultiple = OneOf(
        "channel-multiple",
        "what channel counts are rounded to a multiple of",
        8,
        16
    );

    /// <summary>Auxiliary classifiers, where implementations have them or not.</summary>
    public static readonly Trait<bool> AuxClassifiers = Flag("aux-classifiers", "whether there are auxiliary classifiers");

    /// <summary>See <see cref="Variants.AuxPool"/>.</summary>
    public static readonly Trait<AuxPool> AuxPool = OneOf<AuxPool>("aux-pool", "how auxiliary classifiers begin");

    /// <summary>Rethinking's Table 3, "BN auxiliary"; its convolutions are normalised wherever the network's are.</summary>
    public static readonly Trait<bool> AuxBn = Flag(
        "aux-bn",
        "whether the auxiliary classifiers' hidden fully connected layer has batch normalisation"
    );

    /// <summary>0.7 in GoogLeNet's auxiliary classifiers.</summary>
    public static readonly Trait<double> AuxDropout = Number(
        "aux-dropout",
        "share dropped in the auxiliary classifiers",
        "a number of at least 0 and less than 1",
        value => value is >= 0 and < 1
    );

    /// <summary>The paper's table says 128 and adds up to 608 channels, but names 576, which 96 gives.</summary>
    public static readonly Trait<int> Projection4cd = OneOf(
        "projection-4cd",
        "channels of the pool projections of BN-Inception's 4c and 4d",
        96,
        128
    );

    /// <summary>Rethinking's Table 3, "factorised 7×7": the stem's 7×7 as three 3×3.</summary>
    public static readonly Trait<bool> FactorisedStem = Flag("factorised-stem", "whether the stem has three 3×3 convolutions for one 7×7");

    /// <summary>Rethinking's Figure 6: every 7×7 on the middle grid as 1×7 and 7×1.</summary>
    public static readonly Trait<bool> Factorised7x7 = Flag(
        "factorised-7x7",
        "whether 7×7 convolutions on the middle grid are pairs of 1×7 and 7×1"
    );

    /// <summary>Rethinking's Table 1 says "5×", whose reduction is one of them (4) or not (5).</summary>
    public static readonly Trait<int> MiddleBlocks = OneOf(
        "middle-blocks",
        "blocks on Inception-v2's middle grid, not counting the reduction",
        4,
        5
    );

    /// <summary>Average but in the graph of December 2015 that FID is computed with.</summary>
    public static readonly Trait<LastPool> LastPool = OneOf<LastPool>("last-pool", "what the last block's pool branch takes");

    /// <summary>Xception's paper, §4.5: on JFT with and without two layers of 4096.</summary>
    public static readonly Trait<int> HiddenLayers = OneOf("hidden-layers", "fully connected layers of 4096 before the classifier", 0, 2);

    /// <summary>Xception's Figure 9.</summary>
    public static readonly Trait<bool> Residual = Flag("residual", "whether blocks have shortcuts");

    /// <summary>Xception's Figure 10.</summary>
    public static readonly Trait<MiddleActivation> MiddleActivation = OneOf<MiddleActivation>(
        "middle-activation",
        "what stands between the two halves of a separable convolution"
    );

    /// <summary>All, in the order of this file.</summary>
    public static IReadOnlyList<Trait> All { get; } =
    [
        BnScale,
        BnEpsilon,
        BnMomentum,
        ConvBias,
        CountPadding,
        Padding,
        ThirdBranch,
        Pool4,
        Lrn,
        Reduce,
        SeparableStem,
        StemKernel,
        EarlyPool,
        ChannelMultiple,
        AuxClassifiers,
        AuxPool,
        AuxBn,
        AuxDropout,
        Projection4cd,
        FactorisedStem,
        Factorised7x7,
        MiddleBlocks,
        LastPool,
        HiddenLayers,
        Residual,
        MiddleActivation,
    ];

    private static Trait<bool> Flag(string name, string meaning) =>
        new(name, "true or false", meaning, text => bool.TryParse(text, out var value) ? value : null, value => value ? "true" : "false");

    private static Trait<double> Number(string name, string meaning, string values, Func<double, bool> allows) =>
        new(
            name,
            values,
            meaning,
            text => double.TryParse(text, CultureInfo.InvariantCulture, out var value) && allows(value) ? value : null,
            value => value.ToString(CultureInfo.InvariantCulture)
        );

    private static Trait<int> OneOf(string name, string meaning, int one, int other) =>
        new(
            name,
            $"{one} or {other}",
            meaning,
            text => int.TryParse(text, CultureInfo.InvariantCulture, out var value) && (value == one || value == other) ? value : null,
            value => value.ToString(CultureInfo.InvariantCulture)
        );

    private static Trait<T> OneOf<T>(string name, string meaning)
        where T : struct, Enum => new(name, string.Join(" or ", EnumNames<T>.All), meaning, EnumNames<T>.TryParse, EnumNames<T>.NameOf);
}
