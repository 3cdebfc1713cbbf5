using TorchSharp;

namespace Saccade.Training.Modules;

/// <summary>What a network says about a batch.</summary>
/// <param name="Logits">The classifier's output, [N, classes], before softmax.</param>
/// <param name="AuxLogits">The auxiliary classifiers' outputs, each [N, classes], the lowest first; empty unless training.</param>
public readonly record struct NetworkOutput(torch.Tensor Logits, IReadOnlyList<torch.Tensor> AuxLogits);
