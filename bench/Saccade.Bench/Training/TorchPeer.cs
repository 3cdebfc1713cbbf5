using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Training;

/// <summary>The same training in Python, in a process that waits while it is not asked.</summary>
internal sealed class TorchPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;

    private TorchPeer(Process process) => _process = process;

    /// <summary>torch's version there.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Trainable values of its network.</summary>
    public long Parameters { get; private set; }

    /// <summary>Starts it with a network.</summary>
    /// <exception cref="InvalidOperationException">It did not start; what it said is on standard error.</exception>
    public static TorchPeer Start(string network)
    {
        TorchPeer peer = new(
            Process.Start(
                new ProcessStartInfo(Python, [Checkout.PathOf("bench", "peers", "training", "torch_peer.py")])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            )!
        );
        using var answer = peer.Ask(network);
        peer.Version = answer.RootElement.GetProperty("torch").GetString()!;
        peer.Parameters = answer.RootElement.GetProperty("parameters").GetInt64();
        return peer;
    }

    /// <summary>Trains some steps.</summary>
    /// <param name="channelsLast">Whether the batch lies channels last in memory.</param>
    /// <param name="steps">How many.</param>
    public Stretch Run(bool channelsLast, int steps)
    {
        using var answer = Ask(string.Create(CultureInfo.InvariantCulture, $"{(channelsLast ? "nhwc" : "nchw")} {steps}"));
        return new(answer.RootElement.GetProperty("wall").GetDouble(), answer.RootElement.GetProperty("processor").GetDouble());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonDocument Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return JsonDocument.Parse(
            _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Python} ended; is python3-torch installed?")
        );
    }
}
