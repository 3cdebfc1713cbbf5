using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <content>The preset and how implementations of it differ.</content>
internal sealed partial class Xception
{
    private static readonly TraitSet Paper =
    [
        Traits.ChannelMultiple.Is(8),
        Traits.BnScale.Is(true),
        Traits.BnEpsilon.Is(1e-3),
        Traits.BnMomentum.Is(0.1),
        Traits.ConvBias.Is(false),
        Traits.Padding.Is(Padding.Same),
        Traits.HiddenLayers.Is(0),
        Traits.Residual.Is(true),
        Traits.MiddleActivation.Is(MiddleActivation.None),
    ];

    /// <summary>The paper's network. 22,855,952 parameters at 1000 classes.</summary>
    public static Preset Preset { get; } =
        new(
            "xception",
            Pixels: 299,
            MinPixels: 16,
            [
                new("paper", "§4.2 and Figure 5; ε and padding as in Keras, momentum torch's default", Dropout: 0.5, Paper),
                new("keras", "keras-applications, xception.py", Dropout: 0, Paper.With([Traits.BnMomentum.Is(0.01)])),
                new(
                    "timm",
                    "timm, models/xception.py, and Cadene's pretrained-models, which agree",
                    Dropout: 0,
                    Paper.With([Traits.BnEpsilon.Is(1e-5), Traits.Padding.Is(Padding.Symmetric)])
                ),
                new(
                    "cifar",
                    "ours for 32 pixels: channel counts that vector instructions fill",
                    Dropout: 0,
                    Paper.With([Traits.ChannelMultiple.Is(16)])
                ),
            ],
            InceptionBlocks.StemFor,
            plan => new Xception(plan).Build()
        );
}
