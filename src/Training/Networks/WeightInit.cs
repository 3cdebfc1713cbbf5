namespace Saccade.Training.Networks;

/// <summary>How weights begin. Batch normalisation always begins with scale 1 and shift 0, classifiers with bias 0.</summary>
public enum WeightInit
{
    /// <summary>
    /// Caffe's "xavier" filler, uniform within ±√(3 / fan-in), with biases of 0.2, as in BVLC's GoogLeNet: without normalisation a
    /// positive bias keeps most rectifiers alive at the start.
    /// </summary>
    CaffeXavier,

    /// <summary>
    /// Normal with deviation √(2 / fan-out) for convolutions (He et al. 2015, the form torchvision's later networks use) and 0.01 for
    /// linear layers, biases 0. Under batch normalisation the scale of a convolution does not matter, only its spread.
    /// </summary>
    He,

    /// <summary>
    /// Normal, cut at two deviations, of deviation 0.1 unless a layer says otherwise, biases 0: what the source of Inception-v3 in
    /// torchvision asks for (its own cut is at ±2 whatever the deviation, so it cuts nothing).
    /// </summary>
    TruncatedNormal,
}
