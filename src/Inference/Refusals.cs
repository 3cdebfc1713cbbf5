using Saccade.Inference.Models;

namespace Saccade.Inference;

/// <summary>What a client is told when it is not answered. Names no path and no setting.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Why no model answers: there is none such, or it cannot yet, or not any more.</summary>
    public static (ClassifyFailure Failure, string Detail, TimeSpan? RetryAfter) NoModel(ClassifyRequest request, ServedModel? model, ModelCatalog catalog)
    {
        if (model?.State == ModelState.Failed) return (ClassifyFailure.NotReady, $"Model '{model.Label}' is not served: {model.Error}", null);
        if (model is not null) return (ClassifyFailure.NotReady, $"Model '{model.Label}' is loading.", Soon);
        if (request.Model is null) return (ClassifyFailure.NotReady, catalog.NotReadyReason ?? "No model is served.", Soon);
        if (!catalog.Loaded.IsCompleted) return (ClassifyFailure.NotReady, "Models are loading.", Soon);
        var version = request.Version is null ? "" : $" in version '{request.Version}'";
        return (ClassifyFailure.UnknownModel, $"There is no model '{request.Model}'{version}.", null);
    }

    /// <summary>The sentence for a failure of the engine itself.</summary>
    public static string Detail(ClassifyFailure failure) => failure switch
    {
        ClassifyFailure.QueueFull => "Too many requests are waiting.",
        ClassifyFailure.ShuttingDown => "The service is stopping.",
        ClassifyFailure.DeadlineExceeded => "The deadline passed before the answer was ready.",
        _ => "The model failed on this request.",
    };

    /// <summary>When trying again makes sense; null if it doesn't, or if the queue knows better.</summary>
    public static TimeSpan? RetryAfter(ClassifyFailure failure) => failure == ClassifyFailure.ShuttingDown ? Soon : null;
}
