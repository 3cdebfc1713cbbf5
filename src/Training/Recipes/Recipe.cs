using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>Every knob of a training run. Two runs with equal recipe, network, data and seed give equal weights.</summary>
public sealed record Recipe
{
    /// <summary>The named recipe that this one started from.</summary>
    public required string Name { get; init; }

    /// <summary>Passes over the training part.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images in a step, of each replica where there are several. Batches of an epoch differ by at most one image, so that none is
    /// tiny.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Learning rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How the rate falls.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Epochs (may be fractional) over which the rate rises linearly from near zero.</summary>
    public double WarmUpEpochs { get; init; } = 1;

    /// <summary>Factor of the step and the exponential schedule.</summary>
    public double StepFactor { get; init; } = 0.96;

    /// <summary>Epochs over which these two multiply the rate by their factor.</summary>
    public double StepEpochs { get; init; } = 8;

    /// <summary>The same period in images, whatever the size of the data set; if given it counts, not the epochs.</summary>
    public long? StepImages { get; init; }

    /// <summary>How a gradient becomes a move.</summary>
    public OptimiserKind Optimiser { get; init; }

    /// <summary>Momentum of any optimiser; AdamW's β₁.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's form of momentum; only SGD has one.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>ρ of RMSProp's mean square.</summary>
    public double RmsDecay { get; init; } = 0.9;

    /// <summary>ε within RMSProp's root.</summary>
    public double RmsEpsilon { get; init; } = 1;

    /// <summary>β₂ of AdamW's mean square.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε that AdamW adds to its root.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Largest length of the gradient of all parameters together, weight decay included; null does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>L2 penalty added to the gradient; of AdamW the share of a weight that a step of rate 1 takes away.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Whether biases and batch-norm parameters decay, too.</summary>
    public bool DecayBiasAndNorm { get; init; }

    /// <summary>Multiplies the learning rate of batch normalisation's β; 64 in Page's and Jordan's speed runs.</summary>
    public double NormBiasRate { get; init; } = 1;

    /// <summary>Multiplies the learning rate of every layer but the classifiers.</summary>
    public double BackboneRate { get; init; } = 1;

    /// <summary>Which layers keep their weights and their batch-norm statistics.</summary>
    public FreezeDepth Freeze { get; init; }

    /// <summary>Epochs after which they are trained too; null keeps them frozen.</summary>
    public int? UnfreezeAfter { get; init; }

    /// <summary>
    /// Views of every training image that go through a frozen backbone, once, before the classifier is trained on their features; null
    /// chooses by <see cref="KeepsFeatures"/>.
    /// </summary>
    public int? CachedFeatures { get; init; }

    /// <summary>Parts that a step's images are computed in, one after the other, to need less memory.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>How often an image is seen in an epoch.</summary>
    public SamplingKind Sampling { get; init; }

    /// <summary>How much an image counts in the loss.</summary>
    public ClassWeightsKind ClassWeights { get; init; }

    /// <summary>α of mixup (Zhang et al. 2018), in [0, 1]: two images in shares drawn from Beta(α, α); 0 mixes none.</summary>
    public double MixUp { get; init; }

    /// <summary>α of CutMix (Yun et al. 2019), in [0, 1]: a box of one image in another, its area drawn like mixup's share; 0 cuts none.
    /// With both, half of the steps do the one and half the other.</summary>
    public double CutMix { get; init; }

    /// <summary>Epochs without a better held-out figure after which a run ends; null trains all epochs.</summary>
    public int? Patience { get; init; }

    /// <summary>Arithmetic of the forward and backward pass; weights, statistics and steps are 32-bit floats in any case.</summary>
    public PrecisionKind Precision { get; init; }

    /// <summary>Share of the target spread evenly over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What the teachers count in the loss of the main head, in [0, 1]; the labels count the rest. Of no account without
    /// teachers.</summary>
    public double TeacherWeight { get; init; } = 0.9;

    /// <summary>What teachers' and network's logits are divided by before they are compared, above 0. Both defaults are those of Tian et
    /// al. 2020 for CIFAR.</summary>
    public double TeacherTemperature { get; init; } = 4;

    /// <summary>Probability of the main head's dropout; null keeps the network's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>Weight of each auxiliary classifier's loss; 0 trains without them.</summary>
    public double AuxWeight { get; init; } = 0.3;

    /// <summary>The average of the weights that is kept.</summary>
    public AveragingOptions Averaging { get; init; } = new();

    /// <summary>What is done to the images.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Whether features are computed once: the whole backbone stays frozen, images are not mixed, and every epoch shows the same ones, or a
    /// number of views was asked for.
    /// </summary>
    [JsonIgnore]
    public bool KeepsFeatures =>
        Freeze.IsBackbone
        && UnfreezeAfter is null
        && (MixUp, CutMix) is (0, 0)
        && CachedFeatures is not 0
        && (CachedFeatures is not null || Augmentation.IsOff);

    /// <summary>Whether the backbone is frozen in an epoch, counted from 0.</summary>
    public bool IsFrozenIn(int epoch) => !Freeze.IsNone && (UnfreezeAfter is not { } epochs || epoch < epochs);
}
