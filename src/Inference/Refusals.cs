using Saccade.Inference.Cropping;
using Saccade.Inference.Models;

namespace Saccade.Inference;

/// <summary>What a client is told when it is not answered. Names no path and no setting.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Why no model answers: there is none such, or it cannot yet, or not any more.</summary>
    public static ClassifyRefusal NoModel(Visit visit, ServedModel? model, ModelCatalog catalog)
    {
        var request = visit.Request;
        if (model?.State == ModelState.Failed) return visit.Refuse(ClassifyFailure.NotReady, $"Model '{model.Label}' is not served: {model.Error}");
        // One that serves by now did not when it was asked.
        if (model?.State is ModelState.Loading or ModelState.Ready or ModelState.Degraded)
            return visit.Refuse(ClassifyFailure.NotReady, $"Model '{model.Label}' is loading.", Soon);
        if (request.Model is null) return visit.Refuse(ClassifyFailure.NotReady, catalog.NotReadyReason ?? "No model is served.", Soon);
        if (!catalog.Loaded.IsCompleted) return visit.Refuse(ClassifyFailure.NotReady, "Models are loading.", Soon);
        if (model is not null) return visit.Refuse(ClassifyFailure.UnknownModel, $"Model '{model.Label}' is not loaded.");
        var version = request.Version is null ? "" : $" in version '{request.Version}'";
        return visit.Refuse(ClassifyFailure.UnknownModel, $"There is no model '{request.Model}'{version}.");
    }

    /// <summary>Why a model cannot be looked at with so many crops; null if it can.</summary>
    public static ClassifyRefusal? NoPlan(Visit visit, ModelRuntime model, int queueCapacity)
    {
        var mode = visit.Request.Crops;
        if (!CropPlans.Has(mode, model.Manifest.Preprocessing))
            return visit.Refuse(ClassifyFailure.UnsupportedCrops, $"Model '{model.Name}/{model.Version}' has no plan of {mode} crops.");
        return mode.Crops > queueCapacity ? visit.Refuse(ClassifyFailure.UnsupportedCrops, $"{mode} crops are more than this service takes at once.") : null;
    }

    /// <summary>The sentence for a failure of the engine itself.</summary>
    public static string Detail(ClassifyFailure failure) => failure switch
    {
        ClassifyFailure.QueueFull => "Too many requests are waiting.",
        ClassifyFailure.DeadlineUnreachable => "What waits already would take longer than this request's deadline allows.",
        ClassifyFailure.ShuttingDown => "The service is stopping.",
        ClassifyFailure.DeadlineExceeded => "The deadline passed before the answer was ready.",
        _ => "The model failed on this request.",
    };

    /// <summary>When trying again makes sense; null if it doesn't, or if the queue knows better.</summary>
    public static TimeSpan? RetryAfter(ClassifyFailure failure) => failure == ClassifyFailure.ShuttingDown ? Soon : null;
}
