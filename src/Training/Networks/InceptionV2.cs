using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>
/// Inception-v2 (Szegedy et al. 2015, Table 1). The paper's body gives no filter banks; these are the released v3's, which add up to its
/// claim of less than 25 million. Shapes in comments are for 299 pixels at width 1.
/// </summary>
internal sealed class InceptionV2 : InceptionBlocks
{
    private InceptionV2(NetworkPlan plan)
        : base(plan) { }

    /// <summary>The paper's network. 24,410,696 parameters at 1000 classes.</summary>
    public static Preset Preset { get; } =
        new(
            "inception-v2",
            Pixels: 299,
            MinPixels: 16,
            [
                new(
                    "paper",
                    "Table 1, with the filter banks of TF-slim's inception_v3.py",
                    Dropout: 0.5,
                    [
                        Traits.BnScale.Is(true),
                        Traits.BnEpsilon.Is(1e-3),
                        Traits.BnMomentum.Is(0.1),
                        Traits.ConvBias.Is(false),
                        Traits.CountPadding.Is(false),
                        Traits.ThirdBranch.Is(5),
                        Traits.AuxClassifiers.Is(true),
                        Traits.AuxBn.Is(false),
                        Traits.FactorisedStem.Is(true),
                        Traits.Factorised7x7.Is(true),
                        Traits.MiddleBlocks.Is(4),
                    ]
                ),
            ],
            StemFor,
            plan => new InceptionV2(plan).Build()
        );

    private Network Build()
    {
        var x = Net.Input; //    3 × 299 × 299
        Net.Part = "Stem and fine grid";
        x = First(x); //   64 × 147 × 147
        if (Plan.Stem is Stem.Full or Stem.Half)
            x = MaxPool("maxpool1", x); //   64 ×  73 ×  73
        x = Conv("Conv2d_3b_3x3", x, 80, Valid(3)); //   80 ×  71 ×  71
        x = Conv("Conv2d_4a_3x3", x, 192, Valid(3, stride: 2)); //  192 ×  35 ×  35
        x = Conv("Conv2d_4b_3x3", x, 288, Window.Same(3, 3)); //  288 ×  35 ×  35
        foreach (var block in "bcd")
            x = BlockA($"Mixed_5{block}", x, projection: 64); //  288 ×  35 ×  35
        Net.Part = "Middle grid";
        x = BlockB("Mixed_6a", x); //  768 ×  17 ×  17
        int[] sevens = Get(Traits.MiddleBlocks) == 4 ? [128, 160, 160, 192] : [128, 160, 160, 160, 192];
        foreach (var (block, width) in "bcdef".Zip(sevens))
            x = BlockC($"Mixed_6{block}", x, width); //  768 ×  17 ×  17
        var side = Aux("AuxLogits", x);
        Net.Part = "Coarse grid and classifier";
        x = BlockD("Mixed_7a", x); // 1280 ×   8 ×   8
        x = BlockE("Mixed_7b", x); // 2048 ×   8 ×   8
        x = BlockE("Mixed_7c", x); // 2048 ×   8 ×   8
        x = Classifier("fc", x); // classes

        return Net.Build(WeightInit.TruncatedNormal, x, side);
    }
}
