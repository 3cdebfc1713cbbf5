using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Onnx;

/// <summary>Holds an exported graph against the network that it was made from.</summary>
public sealed class ParityCheck
{
    private const int ProbePictures = 2;

    // Logits of trained networks are of the order of ten. Where they are far larger, a float has no such digits.
    private const double AbsoluteLimit = 1e-4;
    private const double RelativeLimit = 1e-5;

    private readonly NetworkModule _module;
    private readonly ManifestPreprocessing _preprocessing;

    /// <summary>Fixes what graphs are held against.</summary>
    /// <param name="module">The trained network; set to evaluation.</param>
    /// <param name="preprocessing">Its normalisation.</param>
    public ParityCheck(NetworkModule module, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _module.eval();
        _preprocessing = preprocessing;
    }

    /// <summary>Largest absolute difference of a logit that is accepted for 32-bit floats: 1e-4, or the fifth digit of the
    /// largest.</summary>
    public static double Limit(ReadOnlySpan<float> logits)
    {
        var largest = 0.0;
        foreach (var logit in logits)
        {
            // A logit that is not finite is never right, so it must not loosen the limit.
            if (float.IsFinite(logit))
                largest = Math.Max(largest, Math.Abs(logit));
        }

        return Math.Max(AbsoluteLimit, RelativeLimit * largest);
    }

    /// <summary>Runs every picture through both, alone and all in one batch.</summary>
    /// <param name="runner">The exported graph.</param>
    /// <param name="pictures">As <see cref="Pixels"/> says.</param>
    /// <exception cref="InvalidDataException">A logit differs by more than the <see cref="Limit"/>, or is not finite.</exception>
    public ManifestParity Prove(OnnxRunner runner, IReadOnlyList<float[]> pictures)
    {
        var parity = Measure(runner, pictures);

        var limit = Limit(MemoryMarshal.Cast<byte, float>(parity.Probe!.Logits));

        // Written so that a logit that is no number is refused too.
        return parity.MaxAbsLogitDifference <= limit
            ? parity
            : throw new InvalidDataException(
                $"The exported graph's logits differ by {parity.MaxAbsLogitDifference:g3} from the trained network's; at most {limit:g3} "
                    + "is accepted."
            );
    }

    /// <summary>The same without a limit.</summary>
    public ManifestParity Measure(OnnxRunner runner, IReadOnlyList<float[]> pictures)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(pictures);
        var worst = Difference(runner, [.. pictures.SelectMany(picture => picture)]);
        foreach (var picture in pictures)
            worst = Math.Max(worst, Difference(runner, picture));

        float[] probe = [.. Pixels.Noise(runner.Input, ProbePictures).SelectMany(picture => picture)];
        var answers = MemoryMarshal.AsBytes<float>(Logits(probe)).ToArray();
        return new ManifestParity(worst, pictures.Count, Probe: new ParityProbe(ProbePictures, answers));
    }

    /// <summary>What a graph is to be fed with for some pictures.</summary>
    internal static float[] Feed(OnnxRunner runner, float[] pictures, ManifestPreprocessing preprocessing) =>
        runner.TakesPixels ? pictures : Pixels.Normalise(pictures, runner.Input.Height * runner.Input.Width, preprocessing);

    /// <summary>Largest absolute difference; not a number where one is none.</summary>
    internal static double LargestDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            throw new InvalidDataException(
                $"The exported graph gives {actual.Length} logits where the trained network gives {expected.Length}."
            );

        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]));
        return worst;
    }

    private double Difference(OnnxRunner runner, float[] pictures) =>
        LargestDifference(Logits(pictures), runner.Run(Feed(runner, pictures, _preprocessing)));

    private float[] Logits(float[] pictures)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var input = _module.Network.Input.Output;
        long[] shape = [pictures.Length / input.Count, input.Channels, input.Height, input.Width];
        var normalised = Pixels.Normalise(pictures, input.Height * input.Width, _preprocessing);
        return _module.call(tensor(normalised, shape)).Logits.data<float>().ToArray();
    }
}
