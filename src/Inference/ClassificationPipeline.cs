using Saccade.Inference.Models;

namespace Saccade.Inference;

/// <summary>From the bytes of a picture to labels.</summary>
public sealed class ClassificationPipeline
{
    private readonly ModelCatalog _catalog;

    internal ClassificationPipeline(ModelCatalog catalog) => _catalog = catalog;

    /// <summary>Classifies one image.</summary>
    /// <param name="request">The image, and how to look at it.</param>
    /// <param name="cancellationToken">The caller's wish to give up; nothing else makes this method throw.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<ClassifyOutcome> ClassifyAsync(ClassifyRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<ClassifyOutcome>(
            new ClassifyRefusal(ClassifyFailure.NotReady, _catalog.NotReadyReason ?? "", RetryAfter: TimeSpan.FromSeconds(1), default));
    }
}
