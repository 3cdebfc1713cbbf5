namespace Saccade.Inference.Models;

/// <summary>One of the models that are asked about an image: the only one, or a member of an ensemble.</summary>
/// <param name="Name">What it is called in the answer.</param>
/// <param name="Weight">How much its answer counts beside the others'.</param>
/// <param name="Query">Finds the version that answers at the moment.</param>
internal sealed record ServingMember(string Name, double Weight, ModelQuery Query)
{
    /// <summary>What is to answer, whatever serves; null but for a version that is being warmed up.</summary>
    public ModelRuntime? Only { get; init; }
}
