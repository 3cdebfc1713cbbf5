using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>
/// Trained networks whose predictions a run learns from beside the labels (Hinton et al. 2015). They are asked about the very crops, mixed
/// and erased as they are, that the run's network sees: what was predicted for another view would be wrong about this one (Beyer et al.
/// 2022).
/// </summary>
public sealed class Teachers : IDisposable
{
    private readonly IReadOnlyList<ITeacher> _teachers;

    /// <summary>Takes teachers over, which it disposes.</summary>
    /// <param name="teachers">At least one, each with the run's classes and input.</param>
    public Teachers(IReadOnlyList<ITeacher> teachers)
    {
        ArgumentNullException.ThrowIfNull(teachers);
        _teachers = teachers;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var teacher in _teachers)
            teacher.Dispose();
    }

    /// <summary>
    /// Cross-entropy of a network's probabilities with the mean of the teachers', both softened by a temperature, times its square: so the
    /// gradients stay as large as those of the labels (Hinton et al. 2015, §2). A mean over the batch, weighted as the labels' loss is.
    /// </summary>
    /// <param name="scores">The network's logits, [N, classes], 32-bit floats.</param>
    /// <param name="pixels">What it saw, [N, 3, H, W], in the precision that it computes in.</param>
    /// <param name="temperature">Above 0; the logits are divided by it.</param>
    /// <param name="weights">What each image counts, [N]; null counts all alike.</param>
    /// <remarks>Call in a dispose scope.</remarks>
    internal Tensor Loss(Tensor scores, Tensor pixels, double temperature, Tensor? weights = null)
    {
        var soft = tensor((float)temperature).to(scores.device);
        var losses = (Probabilities(pixels, soft) * nn.functional.log_softmax(scores / soft, 1)).sum(1).neg() * soft * soft;
        return weights is null ? losses.mean() : (losses * weights).sum() / weights.sum();
    }

    private Tensor Probabilities(Tensor pixels, Tensor temperature)
    {
        using var _ = no_grad();
        return stack([.. _teachers.Select(teacher => nn.functional.softmax(teacher.Logits(pixels) / temperature, 1))]).mean([0]);
    }
}
