using Saccade.Inference;

namespace Saccade.Api.Contracts;

/// <summary>The answer to <c>POST /classify</c>.</summary>
/// <param name="Id">The value of the <c>X-Request-Id</c> header.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Version">Its version.</param>
/// <param name="Crops">How many crops of the image were asked for and run.</param>
/// <param name="Members">Who answered: the members of an ensemble that are in the answer, or the model itself.</param>
/// <param name="Predictions">Best first.</param>
/// <param name="Timings">Where the time went.</param>
internal sealed record ClassifyResponse(
    string Id,
    string Model,
    string Version,
    CropsBody Crops,
    IReadOnlyList<string> Members,
    IReadOnlyList<PredictionBody> Predictions,
    TimingsBody Timings
)
{
    /// <summary>Members of the ensemble that should be in the answer and are not; absent if all are.</summary>
    public IReadOnlyList<MissingMemberBody>? Missing { get; init; }

    /// <summary>Where the answer came from; absent if it was computed for this request.</summary>
    public CacheUse? Cached { get; init; }
}

/// <summary>The crops of the image.</summary>
/// <param name="Requested">The value of the <c>crops</c> parameter, or its default.</param>
/// <param name="Used">How many crops the answer is made of, over all members.</param>
/// <param name="StopReason">Why <c>auto</c> ran no further round; absent for a fixed number of crops.</param>
internal sealed record CropsBody(string Requested, int Used, StopReason? StopReason = null)
{
    /// <summary>The size that <see cref="Windows"/> are in; absent unless <c>explain=crops</c>.</summary>
    public ImageSizeBody? Image { get; init; }

    /// <summary>What of the image each crop showed, member by member in the order of computation; absent unless
    /// <c>explain=crops</c>.</summary>
    public IReadOnlyList<CropWindowBody>? Windows { get; init; }
}

/// <summary>The image as it was sent, upright.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal sealed record ImageSizeBody(int Width, int Height);

/// <summary>One crop, in pixels of the image from its top left corner, two decimals.</summary>
/// <param name="Member">Who was given it.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mirrored">Whether left and right were exchanged.</param>
/// <param name="Times">How often the crop counts: one that a plan has more than once is computed once. Together they are
/// <c>used</c>.</param>
internal sealed record CropWindowBody(string Member, double X, double Y, double Width, double Height, bool Mirrored, int Times);

/// <summary>A member of an ensemble that is not in the answer.</summary>
/// <param name="Member">Which.</param>
/// <param name="Reason">The code of docs/errors.md under which the request would have been refused.</param>
internal sealed record MissingMemberBody(string Member, string Reason);

/// <summary>One label.</summary>
/// <param name="Label">Class name.</param>
/// <param name="Index">Position in the model's output, from 0.</param>
/// <param name="Probability">0…1, six decimals.</param>
internal sealed record PredictionBody(string Label, int Index, double Probability)
{
    /// <summary>Of a model whose labels do not exclude each other: whether the probability reaches its threshold; absent
    /// otherwise.</summary>
    public bool? Selected { get; init; }
}

/// <summary>Milliseconds by stage, three decimals; the <c>Server-Timing</c> header has the same numbers. An answer that was not computed
/// for its request has a total only.</summary>
/// <param name="TotalMs">From the arrival of the request's head to the answer.</param>
/// <param name="DecodeMs">Reading the image.</param>
/// <param name="PreprocessMs">Resize, crop, normalise.</param>
/// <param name="QueueMs">Waiting until the first of its crops ran.</param>
/// <param name="InferenceMs">From then until the last of them had run.</param>
/// <param name="BatchSize">Crops in the last batch, those of other requests included.</param>
internal sealed record TimingsBody(double TotalMs, double DecodeMs, double PreprocessMs, double QueueMs, double InferenceMs, int BatchSize);
