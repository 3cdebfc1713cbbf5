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

    /// <summary>Momentum of either optimiser.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's form of momentum; RMSProp has none.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>ρ of RMSProp's mean square.</summary>
    public double RmsDecay { get; init; } = 0.9;

    /// <summary>ε within RMSProp's root.</summary>
    public double RmsEpsilon { get; init; } = 1;

    /// <summary>Largest length of the gradient of all parameters together, weight decay included; null does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>L2 penalty added to the gradient.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Whether biases and batch-norm parameters decay, too.</summary>
    public bool DecayBiasAndNorm { get; init; }

    /// <summary>Multiplies the learning rate of batch normalisation's β under momentum; 64 in Page's and Jordan's speed runs.</summary>
    public double NormBiasRate { get; init; } = 1;

    /// <summary>Arithmetic of the forward and backward pass; weights, statistics and steps are 32-bit floats in any case.</summary>
    public PrecisionKind Precision { get; init; }

    /// <summary>Share of the target spread evenly over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Probability of the main head's dropout; null keeps the network's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>Weight of each auxiliary classifier's loss; 0 trains without them.</summary>
    public double AuxWeight { get; init; } = 0.3;

    /// <summary>The average of the weights that is kept.</summary>
    public AveragingOptions Averaging { get; init; } = new();

    /// <summary>What is done to the images.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();
}
