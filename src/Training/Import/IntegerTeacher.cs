using Saccade.Inference.Bundles;
using Saccade.Training.Loop;
using Saccade.Training.Onnx;
using static TorchSharp.torch;

namespace Saccade.Training.Import;

/// <summary>A teacher of 8-bit integers, which ONNX Runtime computes on the processor whatever the run's device is: with VNNI in less
/// time than its floats take.</summary>
public sealed class IntegerTeacher : ITeacher
{
    private readonly OnnxRunner _runner;
    private readonly ManifestPreprocessing _preprocessing;

    /// <summary>Takes a session over, which it disposes.</summary>
    /// <param name="runner">The bundle's model, with the run's classes and input.</param>
    /// <param name="preprocessing">Its normalisation, which is the run's.</param>
    public IntegerTeacher(OnnxRunner runner, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(preprocessing);
        (_runner, _preprocessing) = (runner, preprocessing);
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var images = pixels.detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray();
        if (_runner.TakesPixels)
            images = Pixels.Denormalise(images, _runner.Input.Height * _runner.Input.Width, _preprocessing);
        return tensor(_runner.Run(images), [pixels.shape[0], _runner.Classes]).to(pixels.device);
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();
}
