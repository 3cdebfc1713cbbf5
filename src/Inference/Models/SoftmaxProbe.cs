using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>Finds out whether a network that came without a manifest ends in a softmax, as many published ones do.</summary>
/// <remarks>A softmax of a softmax would still name the same class, but with a probability that means nothing.</remarks>
internal static class SoftmaxProbe
{
    private const float Tolerance = 1e-3f;

    /// <summary>
    /// Whether the answers to two made-up inputs are probabilities: none negative, and 1 in sum. Logits are not, twice in a row.
    /// </summary>
    public static bool AnswersInProbabilities(IModelSession session, TensorLayout layout)
    {
        if (layout.Classes < 2)
            return false;
        using var tensors = new CropTensors(layout, 1);
        return IsDistribution(Answer(0)) && IsDistribution(Answer(1));

        ReadOnlySpan<float> Answer(byte value)
        {
            if (layout.InputType == InputType.UInt8)
                tensors.Input(0).Fill(value);
            else
                MemoryMarshal.Cast<byte, float>(tensors.Input(0)).Fill(value);
            session.Run(tensors, 1);
            return tensors.Output(0);
        }
    }

    private static bool IsDistribution(ReadOnlySpan<float> values) =>
        TensorPrimitives.Min(values) >= 0 && Math.Abs(TensorPrimitives.Sum(values) - 1) < Tolerance;
}
