using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>What is done to a training image. Evaluation applies none of it.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Where the crop is taken.</summary>
    public CropKind Crop { get; init; } = CropKind.Shift;

    /// <summary>Largest move of a shifted crop, in pixels of the input, both ways and on both axes.</summary>
    public int ShiftPixels { get; init; } = 2;

    /// <summary>What a shifted crop shows of the outside of the image.</summary>
    public BorderKind Border { get; init; }

    /// <summary>Smallest share of the image's area that a random-resized crop takes, in (0, 1]; the largest is 1.</summary>
    public double MinArea { get; init; } = 0.7;

    /// <summary>Largest aspect ratio of a random-resized crop, at least 1; the smallest is its inverse. Drawn log-uniformly.</summary>
    public double MaxAspect { get; init; } = 4.0 / 3.0;

    /// <summary>Whether a random-resized crop's filter is drawn too: bilinear, bicubic, nearest or area (GoogLeNet §6). Else it is
    /// evaluation's.</summary>
    public bool RandomInterpolation { get; init; }

    /// <summary>How colours are distorted.</summary>
    public PhotometricKind Photometric { get; init; }

    /// <summary>Multiplies the ranges that the distortions are drawn from, in [0, 1]; 1 is the published range.</summary>
    public double PhotometricStrength { get; init; } = 1;

    /// <summary>Mirror left to right with probability one half.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Draw an image's mirroring for every second epoch only and do the opposite in the next, so that two epochs show both sides
    /// (Jordan 2024, §3.6).</summary>
    public bool AlternatingFlip { get; init; }

    /// <summary>Side of a square of the crop that is painted in the data's mean colour, its centre anywhere (DeVries and Taylor 2017); 0
    /// paints none.</summary>
    public int CutoutPixels { get; init; }

    /// <summary>Operations of RandAugment (Cubuk et al. 2020) that every image goes through, drawn from all; 0 applies none.</summary>
    public int RandAugment { get; init; }

    /// <summary>Strength of these, in [0, 10]; torchvision's 9 of 31 is 3.</summary>
    public double RandAugmentStrength { get; init; } = 3;

    /// <summary>Probability that a box of 2–33 % of the crop is overwritten with random noise (random erasing).</summary>
    public double ErasingProbability { get; init; }

    /// <summary>No augmentation: the crop that evaluation sees.</summary>
    public static AugmentationOptions Off { get; } = new() { Crop = CropKind.Centre, Flip = false };

    /// <summary>Whether an image looks the same in every epoch.</summary>
    [JsonIgnore]
    public bool IsOff =>
        this
            is {
                Crop: CropKind.Centre,
                Flip: false,
                Photometric: PhotometricKind.None,
                CutoutPixels: 0,
                RandAugment: 0,
                ErasingProbability: 0
            };
}
