using System.ComponentModel.DataAnnotations;

namespace Saccade.Inference.Execution;

/// <summary>What runs the networks: the configuration section <c>Execution</c>.</summary>
public sealed class ExecutionOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Execution";

    /// <summary>Which processor runs the networks.</summary>
    /// <value>The default is <see cref="ExecutionProvider.Auto"/>.</value>
    [EnumDataType(typeof(ExecutionProvider), ErrorMessage = "Execution:Provider must be Auto, Cpu or Cuda.")]
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Auto;

    /// <summary>
    /// Runs at once per device and model, 0 to 256; 0 lets the engine choose: one per core on a CPU, one per CUDA device.
    /// </summary>
    /// <value>The default is 0.</value>
    [Range(0, 256, ErrorMessage = "Execution:Sessions must be between 0 (automatic) and 256.")]
    public int Sessions { get; set; }

    /// <summary>Threads inside one run on a CPU, 0 to 256.</summary>
    /// <value>
    /// The default is 0: one image per core while the service is busy, all cores on one image while it is idle. Any other value is used for
    /// every run.
    /// </value>
    [Range(0, 256, ErrorMessage = "Execution:IntraOpThreads must be between 0 (automatic) and 256.")]
    public int IntraOpThreads { get; set; }

    /// <summary>
    /// By how much the threads that run networks on a CPU give way to those that receive, refuse and answer, 0 to 19: their niceness on
    /// Linux.
    /// </summary>
    /// <value>
    /// The default is 0. With 10, as in the container, refusals under overload are seen sooner; other programs outside the container would
    /// go first too.
    /// </value>
    [Range(0, 19, ErrorMessage = "Execution:Niceness must be between 0 and 19.")]
    public int Niceness { get; set; }

    /// <summary>CUDA devices to use; empty means device 0.</summary>
    /// <value>The default is empty.</value>
    public IList<int> DeviceIds { get; } = [];

    /// <summary>
    /// How long accepted work may go on once the service stops, 0 to 10 min; what is left then is answered as shutting down.
    /// </summary>
    /// <value>The default is 20 seconds.</value>
    /// <remarks>Keep it below the host's shutdown time-out.</remarks>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Execution:DrainTimeout must be between 00:00:00 and 00:10:00.")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
