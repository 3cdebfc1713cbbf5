using Saccade.Api.Contracts;
using Saccade.Inference.Models;

namespace Saccade.Api.Endpoints;

/// <summary>From the engine's snapshot of a version to the wire's.</summary>
internal static class VersionBodies
{
    public static VersionBody Of(ModelStatus status, int queueCapacity) => new()
    {
        Version = status.Version,
        IsDefault = status.IsDefault,
        State = status.State,
        Error = status.Error,
        Provider = status.Device,
        Sessions = new(status.Sessions.Total, status.Sessions.Busy, status.Sessions.Healthy),
        Queue = new(status.QueueDepth, queueCapacity),
        MaxBatchSize = status.BatchLimits?.Maximum,
        PreferredBatchSize = status.BatchLimits?.Preferred,
        Architecture = status.Manifest?.Architecture,
        Input = status.Manifest?.Input,
        Preprocessing = status.Manifest?.Preprocessing,
        Accuracy = status.Manifest?.Accuracy,
        Parity = status.Manifest?.Parity,
        ManifestAssumed = status.ManifestAssumed,
        Sha256 = status.Manifest?.Sha256,
        Licence = status.Manifest?.Licence,
        Labels = status.Manifest?.Labels,
    };
}
