using Saccade.Inference.Tensors;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>A loaded network. Runs may overlap, each with its own tensors.</summary>
public interface IModelSession : IDisposable
{
    /// <summary>What the graph says about its input and output.</summary>
    ModelGraph Graph { get; }

    /// <summary>Runs the first <paramref name="count"/> rows of the input and writes as many rows of logits, and of features if the tensors
    /// want them.</summary>
    /// <param name="tensors">Input and output; nobody else touches them until the call returns.</param>
    /// <param name="count">1 to the tensors' capacity.</param>
    /// <exception cref="Exception">The run failed; the output holds nothing of use.</exception>
    void Run(CropTensors tensors, int count);

    /// <summary>Makes runs that are under way, and later ones, fail soon. Called when the service has waited long enough.</summary>
    void Abort();
}

/// <summary>Loads a network.</summary>
/// <param name="modelPath">The <c>.onnx</c> file.</param>
/// <param name="spec">How.</param>
/// <exception cref="Exception">It cannot be loaded; the message says why.</exception>
public delegate IModelSession ModelSessionFactory(string modelPath, SessionSpec spec);
