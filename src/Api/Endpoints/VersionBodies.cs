using Saccade.Api.Contracts;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;

namespace Saccade.Api.Endpoints;

/// <summary>From the engine's snapshot of a version to the wire's.</summary>
internal static class VersionBodies
{
    public static VersionBody Of(ModelStatus status, int queueCapacity) =>
        new()
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
            Precision = status.Manifest?.Precision,
            Input = status.Manifest?.Input,
            Activation = status.Manifest?.Activation,
            Threshold = status.Manifest?.Threshold,
            Features = status.Manifest?.Features,
            Preprocessing = status.Manifest?.Preprocessing,
            Crops = status.CropModes is { Count: > 0 } modes ? [.. modes.Select(mode => mode.ToString())] : null,
            Members = status
                .Ensemble?.Members.Select(member => new MemberBody(member.Name, member.Version, member.Weight, member.State))
                .ToArray(),
            WhenMissing = status.Ensemble?.WhenMissing,
            Accuracy = status.Manifest?.Accuracy ?? status.Ensemble?.Accuracy,
            TemperatureScaling = status.Manifest?.TemperatureScaling,
            EarlyExit =
                status.Ensemble?.EarlyExit
                ?? (status.Manifest is { Threshold: null } manifest ? manifest.EarlyExit ?? EarlyExitPolicy.ForModel : null),
            Parity = status.Manifest?.Parity,
            Assumed = status.Assumed is { Count: > 0 } fields ? fields : null,
            Ignored = status.Ignored is { Count: > 0 } ignored ? ignored : null,
            Sha256 = status.Manifest?.Sha256,
            Licence = status.Manifest?.Licence,
            Labels = status.Labels,
        };
}
