namespace Saccade.Inference;

/// <summary>
/// Where a request's time went, measured once; the response body, the <c>Server-Timing</c> header, the histograms and the
/// spans all read these numbers.
/// </summary>
/// <param name="Total">From arrival to the answer.</param>
/// <param name="Decode">Reading the image: header and pixels.</param>
/// <param name="Preprocess">Resize, and to crop and normalise the last batch into the input tensor.</param>
/// <param name="Queue">From the crops entering the queue until the first of them was taken to be run.</param>
/// <param name="Inference">From then until the last of them had run, in one batch or several, less writing the last.</param>
/// <param name="BatchSize">Number of crops in the last batch; 0 when none ran.</param>
public readonly record struct StageTimings(
    TimeSpan Total,
    TimeSpan Decode,
    TimeSpan Preprocess,
    TimeSpan Queue,
    TimeSpan Inference,
    int BatchSize
);
