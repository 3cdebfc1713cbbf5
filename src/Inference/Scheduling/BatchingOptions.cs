using System.ComponentModel.DataAnnotations;

namespace Saccade.Inference.Scheduling;

/// <summary>How crops wait and how they are put together: the configuration section <c>Batching</c>.</summary>
public sealed class BatchingOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Batching";

    /// <summary>Most crops in one run of a network, 1 to 1024.</summary>
    /// <value>The default is 32.</value>
    /// <remarks>A network whose graph fixes the batch axis lowers this for itself.</remarks>
    [Range(1, 1024, ErrorMessage = "Batching:MaxBatchSize must be between 1 and 1024.")]
    public int MaxBatchSize { get; set; } = 32;

    /// <summary>Batch sizes that may be run, from 1 to <see cref="MaxBatchSize"/>; batches in between are padded up to the next.</summary>
    /// <value>The default is empty: every size.</value>
    /// <remarks>For devices that prepare themselves for every new shape, or run some shapes much faster than others.</remarks>
    public IList<int> AllowedBatchSizes { get; } = [];

    /// <summary>How long a crop may wait for company while a session is free, 0 to 1 s.</summary>
    /// <value>The default is zero: batches grow by themselves while the sessions are busy, and an idle session never waits.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01", ErrorMessage = "Batching:MaxQueueDelay must be between 00:00:00 and 00:00:01.")]
    public TimeSpan MaxQueueDelay { get; set; }

    /// <summary>
    /// How soon a crop that has entered the queue should be answered, 1 ms to 1 min: sizes batches and the wait for company.
    /// </summary>
    /// <value>The default is none: batches are as large as is efficient, and nobody waits for company.</value>
    /// <remarks>
    /// Batches become no larger than fit twice into this time, and an idle session waits for company only if batches of what is there would
    /// not keep up with the arrivals. It is a goal, no deadline: see <see cref="DefaultDeadline"/>.
    /// </remarks>
    [Range(
        typeof(TimeSpan),
        "00:00:00.001",
        "00:01:00",
        ErrorMessage = "Batching:LatencyObjective must be between 00:00:00.001 and 00:01:00."
    )]
    public TimeSpan? LatencyObjective { get; set; }

    /// <summary>
    /// What one step of a request's priority is worth, 1 ms to 1 min: it is served as if its deadline were so much earlier.
    /// </summary>
    /// <value>The default is one second.</value>
    /// <remarks>So a request that has waited this long goes before a newcomer of the next higher priority.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00", ErrorMessage = "Batching:PriorityStep must be between 00:00:00.001 and 00:01:00.")]
    public TimeSpan PriorityStep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most crops that wait for one model, 10 to 65,536; a request whose crops don't all fit is refused.</summary>
    /// <value>The default is 1024.</value>
    /// <remarks>
    /// At least <see cref="MaxBatchSize"/>, and ten, so that a request of ten crops can be served at all. A waiting crop holds its input
    /// tensor: 588 KiB for 224 × 224 floats.
    /// </remarks>
    [Range(10, 65_536, ErrorMessage = "Batching:QueueCapacity must be between 10 and 65536 crops.")]
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>Time allowed to a request that brings no deadline of its own, 10 ms to 1 h.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(
        typeof(TimeSpan),
        "00:00:00.010",
        "01:00:00",
        ErrorMessage = "Batching:DefaultDeadline must be between 00:00:00.010 and 01:00:00."
    )]
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromSeconds(30);
}
