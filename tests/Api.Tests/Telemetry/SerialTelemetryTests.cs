namespace Saccade.Api.Tests.Telemetry;

/// <summary>Meters and activity sources are listened to by name in the whole process, so these tests run when no other service
/// does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialTelemetryTests
{
    public const string Name = "telemetry, one at a time";
}
