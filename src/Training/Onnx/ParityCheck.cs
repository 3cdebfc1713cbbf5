using Saccade.Inference.Models;
using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Onnx;

/// <summary>Proves that an exported graph computes what the trained network computes.</summary>
public static class ParityCheck
{
    /// <summary>Largest absolute difference of a logit that is accepted for 32-bit floats.</summary>
    public const double Limit = 1e-4;

    /// <summary>Runs every picture through both, alone and all in one batch.</summary>
    /// <param name="module">The trained network.</param>
    /// <param name="runner">The exported graph.</param>
    /// <param name="pictures">Inputs, each [3, H, W].</param>
    /// <exception cref="InvalidDataException">A logit differs by more than <see cref="Limit"/>, or is not finite.</exception>
    public static ManifestParity Prove(NetworkModule module, OnnxRunner runner, IReadOnlyList<float[]> pictures)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(pictures);

        var worst = Difference(module, runner, [.. pictures.SelectMany(picture => picture)]);
        foreach (var picture in pictures)
            worst = Math.Max(worst, Difference(module, runner, picture));

        // Written so that a logit that is no number is refused too.
        return worst <= Limit
            ? new ManifestParity(worst, pictures.Count)
            : throw new InvalidDataException($"The exported graph's logits differ by {worst:g3} from the trained network's; at most {Limit:g3} is accepted.");
    }

    /// <summary>Pictures of noise, each value a random pixel after normalisation, the same every time.</summary>
    public static IEnumerable<float[]> Noise(Networks.Shape shape, ManifestPreprocessing preprocessing, int count)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var random = new Random(20140917);
        var grid = shape.Height * shape.Width;
        for (var i = 0; i < count; i++)
        {
            var picture = new float[shape.Count];
            for (var k = 0; k < picture.Length; k++)
                picture[k] = ((random.NextSingle() * preprocessing.Scale) - preprocessing.Mean[k / grid]) / preprocessing.Std[k / grid];
            yield return picture;
        }
    }

    private static double Difference(NetworkModule module, OnnxRunner runner, float[] pictures)
    {
        var expected = Logits(module, pictures);
        var actual = runner.Run(pictures);
        if (expected.Length != actual.Length)
            throw new InvalidDataException($"The exported graph gives {actual.Length} logits where the trained network gives {expected.Length}.");

        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]));
        return worst;
    }

    private static float[] Logits(NetworkModule module, float[] pictures)
    {
        module.eval();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var input = module.Network.Input.Output;
        long[] shape = [pictures.Length / input.Count, input.Channels, input.Height, input.Width];
        return module.call(tensor(pictures, shape)).Logits.data<float>().ToArray();
    }
}
