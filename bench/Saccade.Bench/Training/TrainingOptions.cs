namespace Saccade.Bench.Training;

/// <summary>What to train and how long.</summary>
/// <param name="Architecture">Network.</param>
/// <param name="Width">Channel multiplier.</param>
/// <param name="Input">Rows and columns of the images.</param>
/// <param name="Batch">Images in a step.</param>
/// <param name="Classes">Outputs.</param>
/// <param name="Aux">Whether auxiliary classifiers are trained too, if the network has any.</param>
/// <param name="Threads">libtorch's.</param>
/// <param name="Steps">Of each measured stretch.</param>
/// <param name="Rounds">Stretches of each kind; figures are medians.</param>
internal sealed record TrainingOptions(
    string Architecture,
    double Width,
    int Input,
    int Batch,
    int Classes,
    bool Aux,
    int Threads,
    int Steps,
    int Rounds
);
