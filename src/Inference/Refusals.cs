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
        // Pictures never come here with an ensemble that serves; tensors do.
        if (model is { Ensemble: not null, IsServing: true }) return visit.Refuse(ClassifyFailure.UnknownModel, EnsembleTakesNoTensors(model.Label));
        // One that serves by now did not when it was asked.
        if (model?.State is ModelState.Loading or ModelState.Ready or ModelState.Degraded)
            return visit.Refuse(ClassifyFailure.NotReady, $"Model '{model.Label}' is loading.", Soon);
        if (request.Model is null && (request.Version is null || catalog.Find(name: null, version: null) is null))
            return visit.Refuse(ClassifyFailure.NotReady, catalog.NotReadyReason ?? "No model is served.", Soon);
        if (!catalog.Loaded.IsCompleted) return visit.Refuse(ClassifyFailure.NotReady, "Models are loading.", Soon);
        if (model is not null) return visit.Refuse(ClassifyFailure.UnknownModel, $"Model '{model.Label}' is not loaded.");
        if (request.Model is null) return visit.Refuse(ClassifyFailure.UnknownModel, $"The default model has no version '{request.Version}'.");
        var version = request.Version is null ? "" : $" in version '{request.Version}'";
        return visit.Refuse(ClassifyFailure.UnknownModel, $"There is no model '{request.Model}'{version}.");
    }

    /// <summary>Every member has an input of its own, so there is no tensor that would do for all.</summary>
    private static string EnsembleTakesNoTensors(string label) => $"'{label}' is an ensemble: it takes pictures, and its members take tensors.";

    /// <summary>The sentence for a failure of the engine itself.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="crops">The plan that was to be looked by.</param>
    /// <param name="member">Which member of an ensemble it happened to; null if none was asked.</param>
    public static string Detail(ClassifyFailure failure, CropMode crops, string? member = null) => member is null
        ? Detail(failure, crops)
        : $"Member '{member}': {Detail(failure, crops)}";

    /// <summary>When trying again makes sense; null if it doesn't.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="known">What the queue knows; zero if it knows nothing.</param>
    public static TimeSpan? RetryAfter(ClassifyFailure failure, TimeSpan known = default) =>
        known > TimeSpan.Zero ? known : failure == ClassifyFailure.ShuttingDown ? Soon : null;

    private static string Detail(ClassifyFailure failure, CropMode crops) => failure switch
    {
        ClassifyFailure.UnsupportedCrops => $"The model has no plan of {crops} crops, or its queue does not hold as many.",
        ClassifyFailure.NotReady => "The model is not served at the moment.",
        ClassifyFailure.QueueFull => "Too many requests are waiting.",
        ClassifyFailure.DeadlineUnreachable => "What waits already would take longer than this request's deadline allows.",
        ClassifyFailure.ShuttingDown => "The service is stopping.",
        ClassifyFailure.DeadlineExceeded => "The deadline passed before the answer was ready.",
        _ => "The model failed on this request.",
    };
}
