using Saccade.Inference.Bundles;
using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Onnx;

/// <summary>Holds an exported graph against the network that it was made from.</summary>
public sealed class ParityCheck
{
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

    /// <summary>Largest absolute difference of a logit that is accepted for 32-bit floats: 1e-5 of the logits' spread, and at least
    /// 1e-4.</summary>
    /// <param name="spread">Largest less smallest logit of the trained network, over all classes of all images compared.</param>
    /// <remarks>
    /// Graph and network add the same products in another order, so they differ by rounding, and that is in proportion to the numbers that
    /// are rounded. The spread over many images measures their size; one image's logits may lie close together by chance. A float has seven
    /// digits, of which a hundred layers cost two: torch's own Inception-v3 differs from itself in 64 bits by as much. Where all logits lie
    /// close together, as those of untrained networks do, the fixed limit counts.
    /// </remarks>
    public static double Limit(double spread) => Math.Max(AbsoluteLimit, RelativeLimit * spread);

    /// <summary>Largest less smallest logit, 0 or more.</summary>
    internal static double Spread(ReadOnlySpan<float> logits)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var logit in logits)
        {
            // A logit that is not finite is never right, so it must not loosen the limit.
            if (float.IsFinite(logit))
                (low, high) = (Math.Min(low, logit), Math.Max(high, logit));
        }

        return Math.Max(0, high - low);
    }

    /// <summary>Runs every image through both, alone and all in one batch.</summary>
    /// <param name="runner">The exported graph.</param>
    /// <param name="images">As <see cref="Pixels"/> says.</param>
    /// <exception cref="InvalidDataException">A logit differs by more than the <see cref="Limit"/>, or is not finite.</exception>
    public ManifestParity Prove(OnnxRunner runner, IReadOnlyList<float[]> images)
    {
        var parity = Measure(runner, images);
        var limit = Limit(parity.LogitSpread!.Value);

        // Written so that a logit that is no number is refused too.
        return parity.MaxAbsLogitDifference <= limit
            ? parity
            : throw new InvalidDataException(
                $"The exported graph's logits differ by {parity.MaxAbsLogitDifference:g3} from the trained network's; at most {limit:g3} "
                    + "is accepted."
            );
    }

    /// <summary>The same without a limit.</summary>
    public ManifestParity Measure(OnnxRunner runner, IReadOnlyList<float[]> images)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(images);
        float[] together = [.. images.SelectMany(image => image)];
        var expected = Logits(together);
        var worst = LargestDifference(expected, runner.Run(Feed(runner, together, _preprocessing)));
        foreach (var image in images)
            worst = Math.Max(worst, LargestDifference(Logits(image), runner.Run(Feed(runner, image, _preprocessing))));
        return new ManifestParity(worst, images.Count, LogitSpread: Spread(expected));
    }

    /// <summary>The trained network's logits.</summary>
    /// <param name="images">One or several, as <see cref="Pixels"/> says.</param>
    internal float[] Logits(float[] images)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var input = _module.Network.Input.Output;
        long[] shape = [images.Length / input.Count, input.Channels, input.Height, input.Width];
        var normalised = Pixels.Normalise(images, input.Height * input.Width, _preprocessing);
        return _module.call(tensor(normalised, shape)).Logits.data<float>().ToArray();
    }

    /// <summary>What a graph is to be fed with for some images.</summary>
    internal static float[] Feed(OnnxRunner runner, float[] images, ManifestPreprocessing preprocessing) =>
        runner.TakesPixels ? images : Pixels.Normalise(images, runner.Input.Height * runner.Input.Width, preprocessing);

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
}
