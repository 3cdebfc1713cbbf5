using Saccade.Inference.Models;

namespace Saccade.Inference.Classification;

/// <summary>
/// Sends images all the way through a version before clients do: decoding, crops, queue, session, softmax. It compiles what they would wait
/// for, and a model that cannot answer is found out before it serves.
/// </summary>
internal sealed class PipelineWarmUp(ClassificationPipeline pipeline, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>See <see cref="ModelWarmUp"/>.</summary>
    public async Task RunAsync(ModelRuntime runtime)
    {
        var outcomes = new[] { await AnswerAsync(runtime, WarmUpImages.Jpeg), await AnswerAsync(runtime, WarmUpImages.Png) };
        if (Array.TrueForAll(outcomes, outcome => outcome is ClassifyRefusal))
        {
            throw new InvalidDataException($"It answers none of two test images: {((ClassifyRefusal)outcomes[0]).Detail}");
        }
    }

    private Task<ClassifyOutcome> AnswerAsync(ModelRuntime runtime, ReadOnlyMemory<byte> image) =>
        pipeline.WarmUpAsync(
            new()
            {
                Image = image,
                ArrivedAt = time.GetTimestamp(),
                Deadline = Patience,
            },
            runtime
        );
}
