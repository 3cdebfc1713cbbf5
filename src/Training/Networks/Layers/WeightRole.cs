namespace Saccade.Training.Networks.Layers;

/// <summary>What a tensor of a network is for; initialisation, weight decay and folding go by it.</summary>
public enum WeightRole
{
    /// <summary>Multiplied with the input: convolutions [out, in / groups, rows, columns], linear layers [out, in].</summary>
    Kernel,

    /// <summary>Added to the output of a convolution or a linear layer, [out].</summary>
    Bias,

    /// <summary>γ of batch normalisation, [channels].</summary>
    Scale,

    /// <summary>γ where none is learnt: ones, [channels].</summary>
    FixedScale,

    /// <summary>β of batch normalisation, [channels].</summary>
    Shift,

    /// <summary>Mean of each channel as the running average of training batches, [channels].</summary>
    RunningMean,

    /// <summary>Variance of each channel as the running average of training batches, [channels].</summary>
    RunningVariance,

    /// <summary>Number of batches the running averages have seen, a 64-bit scalar.</summary>
    BatchCount,
}
