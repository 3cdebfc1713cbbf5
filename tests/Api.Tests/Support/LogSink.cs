using Microsoft.Extensions.Logging;

namespace Saccade.Api.Tests.Support;

/// <summary>Keeps what the service logs, and lets a test wait for it.</summary>
public sealed class LogSink : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<(Predicate<LogEntry> Wanted, TaskCompletionSource<LogEntry> Found)> _waiting = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    /// <summary>The first entry of this event, logged already or still to come.</summary>
    public Task<LogEntry> FirstAsync(string eventName, string part = "") =>
        FirstAsync(entry => entry.Id.Name == eventName && entry.Message.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void Dispose() { }

    private Task<LogEntry> FirstAsync(Predicate<LogEntry> wanted)
    {
        lock (_lock)
        {
            if (_entries.Find(wanted) is { } there)
                return Task.FromResult(there);
            var found = new TaskCompletionSource<LogEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, found));
            return found.Task.Guarded();
        }
    }

    private void Add(LogEntry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            foreach (var (_, found) in _waiting.Where(waiting => waiting.Wanted(entry)))
                found.TrySetResult(entry);
        }
    }

    private sealed class Logger(string category, LogSink sink) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => sink.Add(new(category, logLevel, eventId, formatter(state, exception), exception));
    }
}

public sealed record LogEntry(string Category, LogLevel Level, EventId Id, string Message, Exception? Exception);
