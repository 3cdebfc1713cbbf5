using System.Text.Json.Serialization;

namespace Saccade.Training.Checkpoints;

/// <summary>How several replicas of a network train together (architectures.md §3.7).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplicaMode>))]
public enum ReplicaMode
{
    /// <summary>Each takes a part of the batch; one step is made with the mean of their gradients.</summary>
    [JsonStringEnumMemberName("sync")]
    Sync,

    /// <summary>Each takes batches of its own, and its gradient moves the shared weights as soon as it is there (DistBelief).</summary>
    [JsonStringEnumMemberName("async")]
    Async,
}
