using System.Diagnostics;
using System.Globalization;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference;

/// <summary>One request on its way through the pipeline.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Clock">Its measurements.</param>
/// <param name="DueAt">Its deadline, as a timestamp.</param>
/// <param name="Trace">Its span; default when nobody listens.</param>
internal sealed record Visit(ClassifyRequest Request, StageClock Clock, long DueAt, ActivityContext Trace)
{
    /// <summary>How many crops will be looked at; known before the image is.</summary>
    public int Crops => Request.Crops switch
    {
        CropMode.Single => 1,
        CropMode.Ten => 10,
        _ => throw new InvalidOperationException($"No plan is known for {Request.Crops}."),
    };

    /// <summary>Ends with a refusal that the engine explains.</summary>
    /// <param name="failure">Where it stopped.</param>
    /// <param name="retryAfter">When trying again makes sense, if the queue knows; zero if it doesn't.</param>
    public ClassifyRefusal Refuse(ClassifyFailure failure, TimeSpan retryAfter = default) =>
        Refuse(failure, Refusals.Detail(failure), retryAfter > TimeSpan.Zero ? retryAfter : Refusals.RetryAfter(failure));

    /// <summary>Ends with a refusal.</summary>
    public ClassifyRefusal Refuse(ClassifyFailure failure, string detail, TimeSpan? retryAfter = null) => new(failure, detail, retryAfter, Clock.Stop());

    /// <summary>Ends with labels.</summary>
    public Classification Answer(ServedModel model, int crops, IReadOnlyList<Prediction> predictions) =>
        new(model.Name, model.Version.ToString(CultureInfo.InvariantCulture), Request.Crops, crops, predictions, Clock.Stop());
}
