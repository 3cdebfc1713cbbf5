using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>Finds out, from its answers to two made-up inputs, whether a network gives logits or probabilities.</summary>
internal static class OutputProbe
{
    private const double UsualThreshold = 0.5;
    private const float Tolerance = 1e-3f;

    /// <summary>
    /// A manifest that says what the output means: with <see cref="ModelManifest.Activation"/>, and with
    /// <see cref="ModelManifest.Threshold"/> where each label is decided on its own.
    /// </summary>
    /// <param name="session">The network.</param>
    /// <param name="layout">Its tensors.</param>
    /// <param name="manifest">Of the network.</param>
    /// <param name="isComplete">Whether somebody wrote all of it: without an activation it means a softmax then. Otherwise a network whose
    /// answers sum to 1, as many published ones' do, needs none.</param>
    /// <exception cref="InvalidDataException">The manifest says that the output holds probabilities, and it does not.</exception>
    /// <remarks>A softmax of a softmax would still name the same class, but with a probability that means nothing.</remarks>
    public static ModelManifest Complete(IModelSession session, TensorLayout layout, ModelManifest manifest, bool isComplete)
    {
        var activation = manifest.Activation ?? (isComplete ? Activation.Softmax : Find(session, layout));
        if (manifest.Activation == Activation.None)
            RequireProbabilities(session, layout);
        var decidesEach = activation == Activation.Sigmoid || (activation == Activation.None && layout.Classes == 1);
        return manifest with { Activation = activation, Threshold = manifest.Threshold ?? (decidesEach ? UsualThreshold : null) };
    }

    private static Activation Find(IModelSession session, TensorLayout layout) =>
        Answers(session, layout).All(IsDistribution) ? Activation.None : Activation.Softmax;

    private static void RequireProbabilities(IModelSession session, TensorLayout layout)
    {
        foreach (var value in Answers(session, layout).SelectMany(answer => answer))
        {
            if (value is not (>= -Tolerance and <= 1 + Tolerance))
            {
                throw new InvalidDataException(
                    $"The manifest's activation is none, but output '{layout.OutputName}' holds {value:g3}, which is no probability; "
                        + "logits need softmax or sigmoid."
                );
            }
        }
    }

    private static IEnumerable<float[]> Answers(IModelSession session, TensorLayout layout)
    {
        using var tensors = new CropTensors(layout, 1);
        foreach (var value in (byte[])[0, 1])
            yield return Answer(session, tensors, layout.InputType, value);
    }

    private static float[] Answer(IModelSession session, CropTensors tensors, InputType type, byte value)
    {
        if (type == InputType.UInt8)
            tensors.Input(0).Fill(value);
        else
            MemoryMarshal.Cast<byte, float>(tensors.Input(0)).Fill(value);
        session.Run(tensors, 1);
        return tensors.Output(0).ToArray();
    }

    /// <summary>None is negative, and they sum to 1. Logits are not so twice in a row.</summary>
    private static bool IsDistribution(float[] values) =>
        TensorPrimitives.Min<float>(values) >= 0 && Math.Abs(TensorPrimitives.Sum<float>(values) - 1) < Tolerance;
}
