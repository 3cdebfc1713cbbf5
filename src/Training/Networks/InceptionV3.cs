using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>
/// Inception-v3 (Szegedy et al. 2015, §6): Inception-v2 with the stem and the filter banks of the network that was released. Layers are
/// named as in torchvision. Shapes in comments are for 299 pixels at width 1.
/// </summary>
internal sealed partial class InceptionV3 : InceptionBlocks
{
    private InceptionV3(NetworkPlan plan)
        : base(plan) { }

    private Network Build()
    {
        var x = Net.Input; //    3 × 299 × 299
        Net.Part = "Stem and fine grid";
        x = First(x); //   64 × 147 × 147
        if (Plan.Stem is Stem.Full or Stem.Half)
            x = MaxPool("maxpool1", x); //   64 ×  73 ×  73
        x = Conv("Conv2d_3b_1x1", x, 80, Window.Square(1)); //   80 ×  73 ×  73
        x = Conv("Conv2d_4a_3x3", x, 192, Valid(3)); //  192 ×  71 ×  71
        x = MaxPool("maxpool2", x); //  192 ×  35 ×  35
        x = BlockA("Mixed_5b", x, projection: 32); //  256 ×  35 ×  35
        x = BlockA("Mixed_5c", x, projection: 64); //  288 ×  35 ×  35
        x = BlockA("Mixed_5d", x, projection: 64); //  288 ×  35 ×  35
        Net.Part = "Middle grid";
        x = BlockB("Mixed_6a", x); //  768 ×  17 ×  17
        x = BlockC("Mixed_6b", x, sevens: 128); //  768 ×  17 ×  17
        x = BlockC("Mixed_6c", x, sevens: 160); //  768 ×  17 ×  17
        x = BlockC("Mixed_6d", x, sevens: 160); //  768 ×  17 ×  17
        x = BlockC("Mixed_6e", x, sevens: 192); //  768 ×  17 ×  17
        var side = Aux("AuxLogits", x);
        Net.Part = "Coarse grid and classifier";
        x = BlockD("Mixed_7a", x); // 1280 ×   8 ×   8
        x = BlockE("Mixed_7b", x); // 2048 ×   8 ×   8
        x = BlockE("Mixed_7c", x, Get(Traits.LastPool)); // 2048 ×   8 ×   8
        x = Classifier("fc", x); // classes

        return Net.Build(WeightInit.TruncatedNormal, x, side);
    }
}
