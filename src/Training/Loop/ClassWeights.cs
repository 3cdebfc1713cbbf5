using Saccade.Training.Data;
using Saccade.Training.Recipes;

namespace Saccade.Training.Loop;

/// <summary>What an image counts in the loss, by its class.</summary>
internal static class ClassWeights
{
    /// <summary>One weight for each class; null where all count alike.</summary>
    /// <param name="kind">Which weights.</param>
    /// <param name="source">The training images.</param>
    /// <param name="classes">How many classes; one without images has weight 0.</param>
    /// <remarks>Balanced: n / (k · nᵢ) for the nᵢ of n images that are of class i of k, as scikit-learn's.</remarks>
    public static float[]? Of(ClassWeightsKind kind, IImageSource source, int classes)
    {
        if (kind == ClassWeightsKind.None)
            return null;
        var counts = new long[classes];
        for (var index = 0; index < source.Count; index++)
            counts[source.LabelOf(index)]++;
        var present = counts.Count(count => count > 0);
        return Array.ConvertAll(counts, count => count == 0 ? 0 : (float)(source.Count / ((double)present * count)));
    }
}
