namespace Saccade.Client;

/// <summary>The labels of an image.</summary>
/// <param name="Id">The request's id, which the service's log and traces have too.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Version">Its version.</param>
/// <param name="Crops">How many crops of the image were asked for and computed.</param>
/// <param name="Members">Who answered: the members of an ensemble that are in the answer, or the model itself.</param>
/// <param name="Predictions">Best first, at least one.</param>
/// <param name="Timings">Where the service's time went.</param>
/// <param name="Missing">Members of the ensemble that should be in the answer and are not; null if all are.</param>
/// <param name="Cached">Where the answer came from if it was not computed for this request: <c>hit</c>, an answer that was kept, or
/// <c>shared</c>, that of an equal request at the same time; null if it was computed. Then <paramref name="Timings"/> has a total
/// only.</param>
public sealed record Classification(
    string Id,
    string Model,
    string Version,
    Crops Crops,
    IReadOnlyList<string> Members,
    IReadOnlyList<Prediction> Predictions,
    Timings Timings,
    IReadOnlyList<MissingMember>? Missing = null,
    string? Cached = null
)
{
    /// <summary>The most probable label.</summary>
    public Prediction Best => Predictions[0];
}

/// <summary>One label.</summary>
/// <param name="Label">Name of the class.</param>
/// <param name="Index">Its position in the model's output, from 0.</param>
/// <param name="Probability">0 to 1, six decimals.</param>
/// <param name="Selected">Whether the probability reaches the model's threshold; null where the labels exclude each other.</param>
public sealed record Prediction(string Label, int Index, double Probability, bool? Selected = null);

/// <summary>The crops of an image.</summary>
/// <param name="Requested">What was asked for: a number or <c>auto</c>.</param>
/// <param name="Used">How many the answer is made of, over all members.</param>
/// <param name="StopReason">Why <c>auto</c> ran no further round: <c>confident</c>, <c>exhausted</c>, <c>budget</c>, <c>overloaded</c> or
/// <c>failed</c>; null for a fixed number.</param>
/// <param name="Image">The image's size, which <paramref name="Windows"/> are in; null unless they were asked for.</param>
/// <param name="Windows">What of the image each crop showed; null unless asked for.</param>
public sealed record Crops(
    string Requested,
    int Used,
    string? StopReason = null,
    ImageSize? Image = null,
    IReadOnlyList<CropWindow>? Windows = null
);

/// <summary>The size of an image, upright.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public sealed record ImageSize(int Width, int Height);

/// <summary>One crop, in pixels of the image from its top left corner.</summary>
/// <param name="Member">Which model saw it.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mirrored">Whether left and right were exchanged.</param>
/// <param name="Times">How often it counts.</param>
public sealed record CropWindow(string Member, double X, double Y, double Width, double Height, bool Mirrored, int Times);

/// <summary>A member of an ensemble that is not in an answer.</summary>
/// <param name="Member">Which.</param>
/// <param name="Reason">The code under which the service would have refused the request.</param>
public sealed record MissingMember(string Member, string Reason);

/// <summary>The service's time for a request, in milliseconds. The time on the network is not in it.</summary>
/// <param name="TotalMs">From the arrival of the request's head to the answer.</param>
/// <param name="DecodeMs">Reading the image.</param>
/// <param name="PreprocessMs">Resize, crop, normalise.</param>
/// <param name="QueueMs">Waiting until the first of its crops ran.</param>
/// <param name="InferenceMs">From then until the last of them had run.</param>
/// <param name="BatchSize">Crops in the last batch, those of other requests included.</param>
public sealed record Timings(double TotalMs, double DecodeMs, double PreprocessMs, double QueueMs, double InferenceMs, int BatchSize);
