using System.Diagnostics;

namespace Saccade.Bench.Processes;

/// <summary>Processor time of a server and of this program, the load generator, since a moment.</summary>
internal sealed class ProcessorClock : IDisposable
{
    private readonly Process _self = Process.GetCurrentProcess();
    private readonly ChildProcess _server;
    private readonly long _startedAt = TimeProvider.System.GetTimestamp();
    private readonly TimeSpan _selfBefore;
    private readonly TimeSpan _serverBefore;

    /// <summary>Starts at once.</summary>
    public ProcessorClock(ChildProcess server)
    {
        _server = server;
        _selfBefore = _self.TotalProcessorTime;
        _serverBefore = server.ProcessorTime;
    }

    /// <summary>Processor time of the server until now.</summary>
    public TimeSpan Server => _server.ProcessorTime - _serverBefore;

    /// <summary>Its part of the machine until now, 0…1.</summary>
    public double ServerShare => Server / Available;

    /// <summary>The load generator's part.</summary>
    public double OwnShare
    {
        get
        {
            _self.Refresh();
            return (_self.TotalProcessorTime - _selfBefore) / Available;
        }
    }

    private TimeSpan Available => TimeProvider.System.GetElapsedTime(_startedAt) * Environment.ProcessorCount;

    /// <inheritdoc/>
    public void Dispose() => _self.Dispose();
}
