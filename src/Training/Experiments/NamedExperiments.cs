using Saccade.Inference.Bundles;

namespace Saccade.Training.Experiments;

/// <summary>
/// The papers' tables as this tool can rerun them: what is compared is data here, and every run is an ordinary <c>train</c>. Figures of the
/// papers are those of architectures.md §4.
/// </summary>
public static class NamedExperiments
{
    private const string Plain = "--factorised-stem false --aux-bn false";

    // The nearest width to Inception-v3's at 0.125, by parameters.
    private const string XceptionOfEqualSize = "--arch xception --width 0.127";

    /// <summary>In the order of the papers.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new()
        {
            Name = "crops-models",
            Title = "More crops and more models",
            Published =
                "GoogLeNet, Table 3, top-5 error on ImageNet: one model 10.07 % by 1 crop, 9.15 % by 10, 7.89 % by 144; seven models "
                + "8.09, 7.62 and 6.67 %.",
            Common = "--arch googlenet-bn --width 0.25 --input 28 --batch 32 --lr 0.05",
            Epochs = 8,
            Seeds = 5,
            Variants = [new("GoogLeNet-BN", "")],
            Crops = [CropMode.Single, CropMode.Crops10, CropMode.Crops144],
        },
        new()
        {
            Name = "ladder",
            Title = "Inception-v2 to v3, step by step",
            Published =
                "Rethinking the Inception Architecture, Table 3, top-1 error on ImageNet; each row keeps what the rows above it brought.",
            Common = "--arch inception-v2 --width 0.125 --input 28 --batch 32 --lr 0.045",
            Epochs = 6,
            Variants =
            [
                new("Inception-v2", $"{Plain} --label-smoothing 0", "23.4 %"),
                new("+ RMSProp", $"{Plain} --label-smoothing 0 --optimiser rmsprop", "23.1 %"),
                new("+ label smoothing", $"{Plain} --label-smoothing 0.1 --optimiser rmsprop", "22.8 %"),
                new("+ factorised 7×7", "--factorised-stem true --aux-bn false --label-smoothing 0.1 --optimiser rmsprop", "21.6 %"),
                new(
                    "+ normalised auxiliary classifier",
                    "--factorised-stem true --aux-bn true --label-smoothing 0.1 --optimiser rmsprop",
                    "21.2 %"
                ),
            ],
        },
        new()
        {
            Name = "resolution",
            Title = "Low resolution at equal compute",
            Published =
                "Rethinking the Inception Architecture, Table 2, top-1 accuracy on ImageNet. The front loses its stride and its pool so "
                + "that the blocks see the same grid.",
            Common = "--arch inception-v3 --width 0.125 --batch 32 --lr 0.05",
            Epochs = 5,
            Variants =
            [
                new("28 px of detail, input 107, full front", "--input 107 --stem full --shrink 28", "76.6 % (299 px)"),
                new("14 px of detail, input 55, stride left out", "--input 55 --stem half --shrink 14", "76.4 % (151 px)"),
                new("8 px of detail, input 31, stride and pool left out", "--input 31 --stem quarter --shrink 8", "75.2 % (79 px)"),
            ],
        },
        new()
        {
            Name = "xception",
            Title = "Xception against Inception-v3 at equal parameters",
            Published =
                "Xception, Table 1, top-1 accuracy on ImageNet, both without auxiliary classifiers; Figures 9 and 10 show that shortcuts "
                + "help much and that rectifiers between the two halves of a separable convolution harm, as curves without numbers.",
            Common = "--input 28 --no-aux --batch 32 --lr 0.05",
            Epochs = 6,
            Variants =
            [
                new("Inception-v3", "--arch inception-v3 --width 0.125", "78.2 %"),
                new("Xception", XceptionOfEqualSize, "79.0 %"),
                new("Xception without shortcuts", $"{XceptionOfEqualSize} --residual false", "worse"),
                new("Xception, ReLU between the halves", $"{XceptionOfEqualSize} --middle-activation relu", "worse"),
                new("Xception, ELU between the halves", $"{XceptionOfEqualSize} --middle-activation elu", "worse"),
            ],
        },
        new()
        {
            Name = "auxiliary",
            Title = "Auxiliary classifiers, early and late",
            Published =
                "Going deeper with convolutions, section 5, adds them for the gradient in the lower layers; Rethinking the Inception "
                + "Architecture, section 4, finds no faster convergence early in training and slightly higher accuracy at its end.",
            Common = "--arch googlenet-bn --width 0.25 --input 32 --batch 64 --lr 0.1",
            Epochs = 8,
            Variants =
            [
                new("without auxiliary classifiers", "--no-aux"),
                new("with both, counting 0.3 each", "--aux-weight 0.3", "slightly better at the end"),
            ],
        },
        new()
        {
            Name = "recipe",
            Title = "What the recipe cifar10-fast is made of",
            Published =
                "94 % on CIFAR-10 in 3.29 seconds on a single GPU (Jordan 2024) gains by alternating mirror images, shifts, label "
                + "smoothing, a larger rate for the shifts of batch normalisation, averaged weights and a stem that keeps the resolution.",
            Common = "--arch googlenet-bn --variant cifar --width 0.25 --input 32 --recipe cifar10-fast",
            Epochs = 8,
            Variants =
            [
                new("cifar10-fast", ""),
                new("last weights in place of averaged", "") { TrainedWeightsOf = "cifar10-fast" },
                new("mirrored at random", "--alternating-flip false"),
                new("without shifts", "--crop centre"),
                new("without label smoothing", "--label-smoothing 0"),
                new("with cutout of 8 pixels", "--cutout 8"),
                new("16 times the rate for shifts of batch normalisation", "--norm-bias-rate 16"),
                new("published stem, an eighth of the resolution", "--stem full --stem-kernel 7"),
            ],
        },
        new()
        {
            Name = "replicas",
            Title = "Replicas against one",
            Published =
                "GoogLeNet was trained by asynchronous replicas, Inception-v3 and Xception by synchronous ones; none of the papers "
                + "compares them with one replica.",
            Common = "--arch googlenet-bn --width 0.125 --input 28 --batch 32 --lr 0.05",
            Epochs = 6,
            Variants =
            [
                new("one replica", "--replicas 1 --mode sync"),
                new("two, asynchronous", "--replicas 2 --mode async"),
                new("four, asynchronous", "--replicas 4 --mode async"),
                new("eight, asynchronous", "--replicas 8 --mode async"),
                new("four, synchronous", "--replicas 4 --mode sync"),
            ],
        },
        new()
        {
            Name = "polyak",
            Title = "Averaged weights",
            Published =
                "All four papers evaluate averaged weights; none gives a figure without. The rate is constant here, because a rate that "
                + "falls to zero averages by itself.",
            Common = "--arch googlenet-bn --width 0.125 --input 28 --lr 0.05 --schedule step --step-factor 1",
            Epochs = 8,
            Variants =
            [
                new("last weights", "") { TrainedWeightsOf = "uniform mean of the last half" },
                new("uniform mean of the last half", "--averaging polyak --averaging-from {half}"),
                new("exponential mean, 0.995", "--averaging ema --averaging-decay 0.995"),
            ],
        },
    ];
}
