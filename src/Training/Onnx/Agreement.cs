using Saccade.Inference.Bundles;

namespace Saccade.Training.Onnx;

/// <summary>How often two graphs of one network name the same class first: what rounding its weights is judged by.</summary>
/// <param name="Images">Pictures compared.</param>
/// <param name="Same">Pictures for which both did.</param>
public sealed record Agreement(int Images, int Same)
{
    /// <summary>0 to 1.</summary>
    public double Share => Images == 0 ? 1 : (double)Same / Images;

    /// <summary>Compares.</summary>
    /// <param name="reference">The graph of 32-bit floats.</param>
    /// <param name="other">The rounded one.</param>
    /// <param name="pictures">As <see cref="Pixels"/> says; read one batch at a time.</param>
    /// <param name="preprocessing">The normalisation.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidDataException">A logit is not finite.</exception>
    public static Agreement Measure(
        OnnxRunner reference,
        OnnxRunner other,
        IEnumerable<float[]> pictures,
        ManifestPreprocessing preprocessing,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(other);
        const int Batch = 16;
        var (images, same) = (0, 0);
        foreach (var batch in pictures.Chunk(Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            float[] pixels = [.. batch.SelectMany(picture => picture)];
            var expected = First(reference, pixels, preprocessing);
            var actual = First(other, pixels, preprocessing);
            images += batch.Length;
            same += expected.Zip(actual).Count(pair => pair.First == pair.Second);
        }

        return new Agreement(images, same);
    }

    private static int[] First(OnnxRunner runner, float[] pixels, ManifestPreprocessing preprocessing)
    {
        var logits = runner.Run(ParityCheck.Feed(runner, pixels, preprocessing));
        if (!logits.All(float.IsFinite))
            throw new InvalidDataException("The exported graph gives logits that are not finite.");
        return [.. logits.Chunk(runner.Classes).Select(row => row.Index().MaxBy(score => score.Item).Index)];
    }
}
