using Microsoft.Extensions.Logging;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>The place of one session: workers enter to run a batch, and a session that breaks is replaced here, once.</summary>
internal sealed class SessionSlot : IDisposable
{
    private readonly object _gate = new();
    private readonly Func<IModelSession> _open;
    private readonly Action<IModelSession> _warmUp;
    private readonly int _runs;
    private readonly string _name;
    private readonly ILogger _logger;
    private SessionLease? _current;
    private bool _recovering;
    private bool _aborted;
    private bool _provenSinceReplacement = true;
    private int _running;

    /// <summary>Warms the first session up and puts it in place.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="first">Owned from here on, also if this throws.</param>
    /// <param name="open">Makes a replacement.</param>
    /// <param name="warmUp">Runs a session on blank input; throws if it cannot.</param>
    /// <param name="runs">Runs that may overlap.</param>
    /// <param name="logger">Where failures and replacements are told.</param>
    public SessionSlot(string name, IModelSession first, Func<IModelSession> open, Action<IModelSession> warmUp, int runs, ILogger logger)
    {
        (_name, _open, _warmUp, _runs, _logger) = (name, open, warmUp, runs, logger);
        try
        {
            warmUp(first);
        }
        catch
        {
            first.Dispose();
            throw;
        }

        _current = new SessionLease(first);
        Preparing = new SemaphoreSlim(runs);
    }

    /// <summary>Runs that may overlap.</summary>
    public int Runs => _runs;

    /// <summary>Held by a worker that prepares a batch for this session while others run.</summary>
    public SemaphoreSlim Preparing { get; }

    /// <summary>Runs under way.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _running;
        }
    }

    /// <summary>Whether a session is in place and not under suspicion.</summary>
    public bool IsHealthy
    {
        get
        {
            lock (_gate)
                return _current is not null && !_recovering;
        }
    }

    /// <summary>Waits while a replacement is being made.</summary>
    /// <returns>False when the session is lost for good.</returns>
    public bool WaitUntilUsable()
    {
        lock (_gate)
        {
            while (_recovering)
                Monitor.Wait(_gate);
            return _current is not null;
        }
    }

    /// <summary>Waits for a free run; the caller hands the lease to <see cref="Leave"/>.</summary>
    /// <returns>Null when the session is lost for good.</returns>
    public SessionLease? Enter()
    {
        lock (_gate)
        {
            while (_recovering || (_current is not null && _running >= _runs))
                Monitor.Wait(_gate);
            if (_current is null)
                return null;
            _running++;
            _current.Users++;
            return _current;
        }
    }

    /// <summary>Ends a run.</summary>
    /// <param name="lease">From <see cref="Enter"/>.</param>
    /// <param name="succeeded">Whether the run did; a failed one may have broken the session.</param>
    public void Leave(SessionLease lease, bool succeeded)
    {
        lock (_gate)
        {
            _running--;
            lease.Users--;
            _provenSinceReplacement |= succeeded && lease == _current;
            Monitor.PulseAll(_gate);
        }

        if (!succeeded)
            Recover(lease);
        DisposeIfRetired(lease);
    }

    /// <summary>Makes runs under way fail soon, for good: nothing is replaced any more.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            _current?.Session.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SessionLease? last;
        lock (_gate)
        {
            last = _current;
            _current = null;
            Monitor.PulseAll(_gate);
        }

        last?.Session.Dispose();
        Preparing.Dispose();
    }

    /// <summary>
    /// A run threw. If the session still runs blank input, the batch was to blame. If not, it is replaced, unless it is itself a
    /// replacement that never ran a batch: something lasting is wrong then, and trying for ever would hide it.
    /// </summary>
    private void Recover(SessionLease suspect)
    {
        lock (_gate)
        {
            if (_recovering || _aborted || _current != suspect)
                return;
            _recovering = true;
        }

        var next = StillWorks(suspect.Session) ? suspect : Replace();
        lock (_gate)
        {
            if (next != suspect)
            {
                suspect.Retired = true;
                _provenSinceReplacement = false;
            }

            _current = next;
            _recovering = false;
            Monitor.PulseAll(_gate);
        }
    }

    private bool StillWorks(IModelSession session)
    {
        try
        {
            _warmUp(session);
            return true;
        }
        catch (Exception error)
        {
            Log.SessionBroken(_logger, _name, error.Message);
            return false;
        }
    }

    private SessionLease? Replace()
    {
        if (!_provenSinceReplacement)
        {
            Log.SessionLost(_logger, _name, "its replacement failed too");
            return null;
        }

        IModelSession? fresh = null;
        try
        {
            fresh = _open();
            _warmUp(fresh);
            Log.SessionReplaced(_logger, _name);
            return new SessionLease(fresh);
        }
        catch (Exception error)
        {
            fresh?.Dispose();
            Log.SessionLost(_logger, _name, error.Message);
            return null;
        }
    }

    private void DisposeIfRetired(SessionLease lease)
    {
        lock (_gate)
        {
            if (!lease.Retired || lease.Users > 0 || lease.Disposed)
                return;
            lease.Disposed = true;
        }

        lease.Session.Dispose();
    }
}

/// <summary>A session in use; guarded by its slot's lock.</summary>
internal sealed class SessionLease(IModelSession session)
{
    /// <summary>The session.</summary>
    public IModelSession Session { get; } = session;

    /// <summary>Runs under way in it.</summary>
    public int Users { get; set; }

    /// <summary>Replaced: disposed when the last user has left.</summary>
    public bool Retired { get; set; }

    /// <summary>Whether that has happened.</summary>
    public bool Disposed { get; set; }
}
