using Saccade.Inference.Bundles;
using Saccade.Inference.Models;

namespace Saccade.Inference.Classification;

/// <summary>What a client is told when it is not answered. Names no path and no setting.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Why no model answers: there is none such, or it cannot yet, or not any more.</summary>
    public static ClassifyRefusal NoModel(RequestContext context, ModelCatalog catalog)
    {
        var query = context.Query;
        var model = catalog.Find(query);
        if (model?.State == ModelState.Failed)
        {
            var failure = model.IsBroken ? ClassifyFailure.ModelBroken : ClassifyFailure.NotReady;
            return context.Refuse(failure, $"Model '{model.Label}' is not served: {model.Error}");
        }

        // One that serves by now did not when it was asked.
        if (model?.State is ModelState.Loading or ModelState.Ready or ModelState.Degraded)
            return context.Refuse(ClassifyFailure.NotReady, $"Model '{model.Label}' is loading.", Soon);
        if (!catalog.Loaded.IsCompleted)
            return context.Refuse(ClassifyFailure.NotReady, "Models are loading.", Soon);
        if (query is { Name: null, Version: null })
            return context.Refuse(ClassifyFailure.NotReady, NoDefault(catalog.DefaultModel));
        if (model is not null)
            return context.Refuse(ClassifyFailure.UnknownModel, $"Model '{model.Label}' is not loaded.");
        if (query.Name is null)
            return context.Refuse(ClassifyFailure.UnknownModel, $"The default model has no version '{query.Version}'.");
        var version = query.Version is null ? "" : $" in version '{query.Version}'";
        return context.Refuse(ClassifyFailure.UnknownModel, $"There is no model '{query.Name}'{version}.");
    }

    /// <summary>Why an ensemble is not asked for features.</summary>
    public static ClassifyRefusal NoFeaturesOf(MemberSet ensemble, RequestContext context) =>
        context.Refuse(
            ClassifyFailure.NoFeatures,
            $"'{ensemble.Model}' is an ensemble: each of its members has features of its own; ask one of "
                + $"{string.Join(", ", ensemble.Members.Select(member => member.Name))}."
        );

    private static string NoDefault(string? name) => name is null ? "No model is served." : $"The default model '{name}' is not loaded.";

    /// <summary>The sentence for a failure of the engine itself.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="crops">The plan that was asked for.</param>
    /// <param name="member">Which member of an ensemble it happened to; null if none was asked.</param>
    public static string Detail(ClassifyFailure failure, CropMode crops, string? member) =>
        member is null ? Detail(failure, crops) : $"Member '{member}': {Detail(failure, crops)}";

    /// <summary>When trying again makes sense; null if it doesn't.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="known">What the queue knows; zero if it knows nothing.</param>
    public static TimeSpan? RetryAfter(ClassifyFailure failure, TimeSpan known = default) =>
        known > TimeSpan.Zero ? known
        : failure == ClassifyFailure.ShuttingDown ? Soon
        : null;

    private static string Detail(ClassifyFailure failure, CropMode crops) =>
        failure switch
        {
            ClassifyFailure.UnsupportedCrops => $"The model has no plan of {crops} crops, or its queue does not hold as many.",
            ClassifyFailure.NoFeatures => "The model does not give its features: it was exported without them.",
            ClassifyFailure.NotReady => "The model is not served at the moment.",
            ClassifyFailure.QueueFull => "Too many requests are waiting.",
            ClassifyFailure.DeadlineUnreachable => "What waits already would take longer than this request's deadline allows.",
            ClassifyFailure.ShuttingDown => "The service is stopping.",
            ClassifyFailure.DeadlineExceeded => "The deadline passed before the answer was ready.",
            _ => "The model failed on this request.",
        };
}
