using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>A trained network that another learns from.</summary>
public interface ITeacher : IDisposable
{
    /// <summary>What it predicts.</summary>
    /// <param name="pixels">Normalised images, [N, 3, H, W], 32-bit floats or bfloat16, on the run's device.</param>
    /// <returns>Logits, [N, classes], 32-bit floats, on the same device, without a gradient.</returns>
    /// <remarks>Call in a dispose scope.</remarks>
    Tensor Logits(Tensor pixels);
}
