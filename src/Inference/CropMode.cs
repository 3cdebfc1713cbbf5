namespace Saccade.Inference;

/// <summary>The crop plans a client can ask for (architectures: GoogLeNet §5, "1-crop" and "10-crop").</summary>
public enum CropMode
{
    /// <summary>One look: the centre crop.</summary>
    Single,

    /// <summary>Ten looks: four corners and the centre, each mirrored.</summary>
    Ten,
}
