using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <content>The two presets and how implementations of them differ.</content>
internal sealed partial class GoogLeNet
{
    // Biased convolutions, no batch normalisation.
    private static readonly TraitSet Caffe =
    [
        Traits.Padding.Is(Padding.Symmetric),
        Traits.ThirdBranch.Is(5),
        Traits.Pool4.Is(3),
        Traits.Lrn.Is(true),
        Traits.Reduce.Is(true),
        Traits.SeparableStem.Is(false),
        Traits.StemKernel.Is(7),
        Traits.EarlyPool.Is(false),
        Traits.ChannelMultiple.Is(8),
        Traits.AuxClassifiers.Is(true),
        Traits.AuxPool.Is(AuxPool.Window),
        Traits.AuxDropout.Is(0.7),
    ];

    private static readonly TraitSet Torchvision =
    [
        Traits.BnScale.Is(true),
        Traits.BnEpsilon.Is(1e-3),
        Traits.BnMomentum.Is(0.1),
        Traits.ConvBias.Is(false),
        Traits.Padding.Is(Padding.Symmetric),
        Traits.ThirdBranch.Is(3),
        Traits.Pool4.Is(2),
        Traits.Reduce.Is(true),
        Traits.SeparableStem.Is(false),
        Traits.StemKernel.Is(7),
        Traits.EarlyPool.Is(false),
        Traits.ChannelMultiple.Is(8),
        Traits.AuxClassifiers.Is(true),
        Traits.AuxPool.Is(AuxPool.Adaptive),
        Traits.AuxBn.Is(false),
        Traits.AuxDropout.Is(0.7),
    ];

    /// <summary>
    /// The paper's network, with what the paper leaves open taken from BVLC's: biased convolutions, local response normalisation, 5×5
    /// branches, no batch normalisation. 6,998,552 parameters at 1000 classes.
    /// </summary>
    public static Preset Paper { get; } =
        new(
            "googlenet",
            Pixels: 224,
            MinPixels: 16,
            [
                new("caffe", "BVLC Caffe, models/bvlc_googlenet", Dropout: 0.4, Caffe),
                new(
                    "paper",
                    "Table 1: conv1 with 2.7K parameters and 34M operations is separable",
                    Dropout: 0.4,
                    Caffe.With([Traits.SeparableStem.Is(true)])
                ),
            ],
            StemFor,
            plan => new GoogLeNet(plan, normalised: false).Build()
        );

    /// <summary>
    /// torchvision's network: batch normalisation after every convolution, and 3×3 where the paper has 5×5 (a mistake of the TensorFlow
    /// original that the released weights depend on). 6,624,904 parameters at 1000 classes.
    /// </summary>
    public static Preset Normalised { get; } =
        new(
            "googlenet-bn",
            Pixels: 224,
            MinPixels: 16,
            [
                new("torchvision", "torchvision 0.14.1, models/googlenet.py", Dropout: 0.2, Torchvision),
                new(
                    "tf-slim",
                    "TF-slim, nets/inception_v1.py",
                    Dropout: 0.2,
                    Torchvision.With([
                        Traits.BnScale.Is(false),
                        Traits.BnMomentum.Is(3e-4),
                        Traits.Padding.Is(Padding.Same),
                        Traits.AuxClassifiers.Is(false),
                    ])
                ),
                new(
                    "cifar",
                    "ours for 32 pixels; a 3×3 stem as in huyvnphan/PyTorch_CIFAR10, models/googlenet.py",
                    Dropout: 0,
                    Torchvision.With([
                        Traits.StemKernel.Is(3),
                        Traits.EarlyPool.Is(true),
                        Traits.ChannelMultiple.Is(16),
                        Traits.AuxClassifiers.Is(false),
                    ])
                ),
            ],
            StemFor,
            plan => new GoogLeNet(plan, normalised: true).Build()
        );

    /// <summary>The published stem down to half of the published input, where its grid would fall below 14; then the first stride goes,
    /// then the first pool.</summary>
    internal static Stem StemFor(int pixels) =>
        pixels switch
        {
            >= 112 => Networks.Stem.Full,
            >= 56 => Networks.Stem.Half,
            _ => Networks.Stem.Quarter,
        };
}
