using Saccade.Inference.Bundles;

namespace Saccade.Training.Onnx;

/// <summary>How often two graphs of one network name the same class first: what rounding its weights is judged by.</summary>
/// <param name="Images">Images compared.</param>
/// <param name="Same">Images for which both did.</param>
public sealed record Agreement(int Images, int Same)
{
    /// <summary>Share of images with the same first class, 0 to 1; 1 where none was compared.</summary>
    public double Share => Images == 0 ? 1 : (double)Same / Images;

    /// <summary>Runs both graphs over images, a batch at a time.</summary>
    /// <param name="reference">The graph of 32-bit floats.</param>
    /// <param name="other">The rounded one.</param>
    /// <param name="images">As <see cref="Pixels"/> says; read one batch at a time.</param>
    /// <param name="preprocessing">The normalisation.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidDataException">A logit is not finite.</exception>
    public static Agreement Measure(
        OnnxRunner reference,
        OnnxRunner other,
        IEnumerable<float[]> images,
        ManifestPreprocessing preprocessing,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(other);
        const int Batch = 16;
        var (compared, same) = (0, 0);
        foreach (var batch in images.Chunk(Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            float[] pixels = [.. batch.SelectMany(image => image)];
            var expected = First(reference, pixels, preprocessing);
            var actual = First(other, pixels, preprocessing);
            compared += batch.Length;
            same += expected.Zip(actual).Count(pair => pair.First == pair.Second);
        }

        return new Agreement(compared, same);
    }

    private static int[] First(OnnxRunner runner, float[] pixels, ManifestPreprocessing preprocessing)
    {
        var logits = runner.Run(ParityCheck.Feed(runner, pixels, preprocessing));
        if (!logits.All(float.IsFinite))
            throw new InvalidDataException("The exported graph gives logits that are not finite.");
        return [.. logits.Chunk(runner.Classes).Select(row => row.Index().MaxBy(score => score.Item).Index)];
    }
}
