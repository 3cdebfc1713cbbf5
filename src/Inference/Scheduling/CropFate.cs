namespace Saccade.Inference.Scheduling;

/// <summary>How a crop that was accepted left the queue. Every crop has exactly one fate in the end.</summary>
internal enum CropFate
{
    /// <summary>Its logits were delivered.</summary>
    Answered,

    /// <summary>The caller gave up.</summary>
    Cancelled,

    /// <summary>The deadline passed.</summary>
    Expired,

    /// <summary>The runtime failed on it or on a crop of the same request, or the service stopped first.</summary>
    Failed,
}
