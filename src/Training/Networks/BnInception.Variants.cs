using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <content>The preset and how implementations of it differ.</content>
internal sealed partial class BnInception
{
    private static readonly TraitSet Cadene =
    [
        Traits.BnScale.Is(true),
        Traits.BnEpsilon.Is(1e-5),
        Traits.BnMomentum.Is(0.1),
        Traits.ConvBias.Is(true),
        Traits.CountPadding.Is(true),
        Traits.Padding.Is(Padding.Symmetric),
        Traits.SeparableStem.Is(false),
        Traits.Projection4cd.Is(128),
        Traits.AuxClassifiers.Is(false),
        Traits.AuxBn.Is(true),
        Traits.AuxDropout.Is(0),
    ];

    /// <summary>The widths of the published table, taken at their word. 11,295,240 parameters at 1000 classes.</summary>
    public static Preset Preset { get; } =
        new(
            "bn-inception",
            Pixels: 224,
            MinPixels: 16,
            [
                new("cadene", "Cadene's pretrained-models, models/bninception.py", Dropout: 0, Cadene),
                new(
                    "caffe",
                    "lim0606's caffe-googlenet-bn, train_val.prototxt",
                    Dropout: 0,
                    Cadene.With([Traits.ConvBias.Is(false), Traits.Projection4cd.Is(96), Traits.AuxClassifiers.Is(true)])
                ),
                new(
                    "tf-slim",
                    "TF-slim, nets/inception_v2.py",
                    Dropout: 0.2,
                    Cadene.With([
                        Traits.BnScale.Is(false),
                        Traits.BnEpsilon.Is(1e-3),
                        Traits.BnMomentum.Is(3e-4),
                        Traits.ConvBias.Is(false),
                        Traits.CountPadding.Is(false),
                        Traits.Padding.Is(Padding.Same),
                        Traits.SeparableStem.Is(true),
                        Traits.Projection4cd.Is(96),
                    ])
                ),
            ],
            GoogLeNet.StemFor,
            plan => new BnInception(plan).Build()
        );
}
