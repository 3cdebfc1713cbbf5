using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Saccade.TestSupport;

/// <summary>A logger factory that keeps every message.</summary>
public sealed class CapturedLogs : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Message)> _entries = [];

    /// <summary>Level, event and text, in order.</summary>
    public IReadOnlyCollection<(LogLevel Level, EventId Id, string Message)> Entries => _entries;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) { }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _entries.Enqueue((logLevel, eventId, formatter(state, exception)));

    /// <inheritdoc/>
    public void Dispose() { }
}
