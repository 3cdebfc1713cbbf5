namespace Saccade.Inference;

/// <summary>
/// Where a request's time went, measured once; the response body, the <c>Server-Timing</c> header, the histograms and the
/// spans all read these numbers.
/// </summary>
/// <param name="Total">From arrival to the answer.</param>
/// <param name="Decode">Reading the image: header and pixels.</param>
/// <param name="Preprocess">Resize, and to crop and normalise the batch of the crop answered last into the input tensor.</param>
/// <param name="Queue">From the crops entering the queue until that batch began to be written.</param>
/// <param name="Inference">The run of the batch that answered this request's last crop.</param>
/// <param name="BatchSize">Number of crops in that batch; 0 when none ran.</param>
public readonly record struct StageTimings(
    TimeSpan Total,
    TimeSpan Decode,
    TimeSpan Preprocess,
    TimeSpan Queue,
    TimeSpan Inference,
    int BatchSize
);
