using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <content>The preset and how implementations of it differ.</content>
internal sealed partial class InceptionV3
{
    private static readonly TraitSet Torchvision =
    [
        Traits.ChannelMultiple.Is(8),
        Traits.BnScale.Is(true),
        Traits.BnEpsilon.Is(1e-3),
        Traits.BnMomentum.Is(0.1),
        Traits.ConvBias.Is(false),
        Traits.CountPadding.Is(true),
        Traits.ThirdBranch.Is(5),
        Traits.AuxClassifiers.Is(true),
        Traits.AuxBn.Is(true),
        Traits.FactorisedStem.Is(true),
        Traits.Factorised7x7.Is(true),
        Traits.LastPool.Is(LastPool.Average),
        Traits.HiddenLayers.Is(0),
    ];

    /// <summary>torchvision's network. 23,834,568 parameters at 1000 classes, 27,161,264 with the auxiliary classifier.</summary>
    public static Preset Preset { get; } =
        new(
            "inception-v3",
            Pixels: 299,
            MinPixels: 16,
            [
                new("torchvision", "torchvision 0.14.1, models/inception.py", Dropout: 0.5, Torchvision),
                new("timm", "timm, models/inception_v3.py", Dropout: 0, Torchvision),
                new(
                    "keras",
                    "keras-applications, inception_v3.py",
                    Dropout: 0,
                    Torchvision.With([
                        Traits.BnScale.Is(false),
                        Traits.BnMomentum.Is(0.01),
                        Traits.CountPadding.Is(false),
                        Traits.AuxClassifiers.Is(false),
                    ])
                ),
                new(
                    "tf-slim",
                    "TF-slim, nets/inception_v3.py",
                    Dropout: 0.2,
                    Torchvision.With([Traits.BnScale.Is(false), Traits.BnMomentum.Is(3e-4), Traits.CountPadding.Is(false)])
                ),
                new(
                    "fid",
                    "pytorch-fid, inception.py: the graph of 2015-12-05",
                    Dropout: 0,
                    Torchvision.With([Traits.CountPadding.Is(false), Traits.AuxClassifiers.Is(false), Traits.LastPool.Is(LastPool.Max)])
                ),
                new(
                    "cifar",
                    "ours for 32 pixels: channel counts that vector instructions fill",
                    Dropout: 0,
                    Torchvision.With([Traits.ChannelMultiple.Is(16), Traits.AuxClassifiers.Is(false)])
                ),
            ],
            StemFor,
            plan => new InceptionV3(plan).Build()
        );
}
