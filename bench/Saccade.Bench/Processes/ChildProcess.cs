using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Saccade.Bench.Processes;

/// <summary>A program run beside this one, with its output kept. Whatever happens, it does not outlive its owner.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigQuit = 3;

    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = [];

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private TaskCompletionSource _changed = NewSignal();

    // An owner that is ended by a signal disposes of nothing.
    static ChildProcess() =>
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (var child in Running.Keys)
                child.Kill();
        };

    private ChildProcess(Process process) => _process = process;

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Processor time used so far, user and kernel.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in MiB.</summary>
    public double ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (double)(1 << 20);
        }
    }

    /// <summary>Everything written so far to standard output and standard error, in order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="file">Its name or path.</param>
    /// <param name="arguments">Passed as they are, with no shell between.</param>
    /// <param name="workingDirectory">Where it runs; null means here.</param>
    /// <param name="environment">Laid over this process's environment; a null value removes the variable.</param>
    public static ChildProcess Start(
        string file,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingDirectory ?? Environment.CurrentDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            start.Environment[name] = value;

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) => child.Append(line.Data);
        process.ErrorDataReceived += (_, line) => child.Append(line.Data);
        process.Exited += (_, _) => child.Signal();
        process.Start();
        Running.TryAdd(child, true);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>The exit code and all output.</returns>
    /// <exception cref="TimeoutException">It did not end in time; it was killed.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string file,
        IEnumerable<string> arguments,
        TimeSpan limit,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null
    )
    {
        await using var child = Start(file, arguments, workingDirectory, environment);
        var exitCode = await child.WaitForExitAsync(limit);
        return (exitCode, child.Output);
    }

    /// <summary>Waits until the output matches.</summary>
    /// <exception cref="InvalidOperationException">The process ended without writing it; the message holds the output.</exception>
    /// <exception cref="TimeoutException">Nothing matched in time; the message holds the output.</exception>
    public async Task<Match> WaitForOutputAsync(Regex pattern, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (pattern.Match(_output.ToString()) is { Success: true } match)
                    return match;
                changed = _changed.Task;
            }

            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(CancellationToken.None);
                return pattern.Match(Output) is { Success: true } last
                    ? last
                    : throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}:\n{Output}");
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"No output matched {pattern} within {limit}:\n{Output}", late);
            }
        }
    }

    /// <summary>Waits for the end, output included.</summary>
    /// <exception cref="TimeoutException">It did not end in time; it goes on running.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {limit}:\n{Output}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>Asks the process to end (SIGTERM).</summary>
    public void Terminate() => Send(SigTerm);

    /// <summary>Sends SIGQUIT, by which nginx finishes its requests first.</summary>
    public void Quit() => Send(SigQuit);

    /// <summary>Ends the process and its children at once (SIGKILL), if they still run.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    /// <summary>Ends the process and its children if they still run.</summary>
    public async ValueTask DisposeAsync()
    {
        Running.TryRemove(this, out _);
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Send(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0 && !_process.HasExited)
            throw new InvalidOperationException(
                $"Signal {signal} to process {_process.Id} failed with errno {Marshal.GetLastPInvokeError()}."
            );
    }

    private void Append(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
            _output.AppendLine(line);
        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = NewSignal();
        }

        changed.TrySetResult();
    }
}
