using Saccade.Inference.Models;

namespace Saccade.Inference.Rehearsals;

/// <summary>
/// Sends pictures all the way through a model before clients do: decoding, crops, queue, session, softmax. It compiles what they would wait for, and a
/// model that cannot answer is found out before it serves.
/// </summary>
internal sealed class ModelRehearsal(ClassificationPipeline pipeline, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Rehearses.</summary>
    /// <param name="model">The version.</param>
    /// <param name="runtime">What is to answer for it, and does not yet.</param>
    /// <exception cref="InvalidDataException">It does not answer; the message says why.</exception>
    public async Task RunAsync(ServedModel model, ModelRuntime runtime)
    {
        // The real entry of the catalog still serves what it served before.
        var standIn = new ServedModel(model.Name, model.Version, model.Folder);
        standIn.Publish(runtime);
        var outcomes = new[] { await AnswerAsync(standIn, RehearsalPictures.Jpeg), await AnswerAsync(standIn, RehearsalPictures.Png) };
        if (Array.TrueForAll(outcomes, outcome => outcome is ClassifyRefusal))
        {
            throw new InvalidDataException($"It answers none of two test pictures: {((ClassifyRefusal)outcomes[0]).Detail}");
        }
    }

    private Task<ClassifyOutcome> AnswerAsync(ServedModel model, ReadOnlyMemory<byte> picture) =>
        pipeline.RehearseAsync(new() { Image = picture, ArrivedAt = time.GetTimestamp(), Deadline = Patience, IsRehearsal = true }, model);
}
