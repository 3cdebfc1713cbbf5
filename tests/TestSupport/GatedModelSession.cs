using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;

namespace Saccade.TestSupport;

/// <summary>
/// A network that a test holds by the hand: runs wait until they are let through, and fail when told to. It computes what the
/// fixture <c>colors</c> does, the mean of each channel times 20, so that every row can be checked.
/// </summary>
public sealed class GatedModelSession : IModelSession
{
    private readonly object _gate = new();
    private readonly Queue<int> _entered = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly List<int> _runs = [];
    private readonly List<float> _rows = [];
    private readonly List<bool> _featuresWanted = [];
    private bool _held;
    private bool _aborted;
    private int _passes;
    private int _waiting;

    /// <summary>What the fixture <c>colors</c> says of itself.</summary>
    public ModelGraph Graph { get; init; } =
        new("input", InputType.Float32, [-1, 3, 8, 8], [KeyValuePair.Create<string, IReadOnlyList<long>>("logits", [-1, 3])]);

    /// <summary>Gives the mean of each channel as a second output of that name.</summary>
    public string FeaturesName
    {
        init => Graph = Graph with { Outputs = [.. Graph.Outputs, KeyValuePair.Create<string, IReadOnlyList<long>>(value, [-1, 3])] };
    }

    /// <summary>Of each run finished since <see cref="Hold"/> was last called, whether features were wanted.</summary>
    public IReadOnlyList<bool> FeaturesWanted
    {
        get
        {
            lock (_gate)
                return [.. _featuresWanted];
        }
    }

    /// <summary>Called before each run with its rows and their number; what it throws, the run throws.</summary>
    public Action<CropTensors, int>? Fault { get; set; }

    /// <summary>Whether it has been disposed.</summary>
    public bool Disposed => Disposals > 0;

    /// <summary>How often it has been disposed.</summary>
    public int Disposals { get; private set; }

    /// <summary>Sizes of the runs finished since <see cref="Hold"/> was last called, failed ones included.</summary>
    public IReadOnlyList<int> Runs
    {
        get
        {
            lock (_gate)
                return [.. _runs];
        }
    }

    /// <summary>The first number of every row that ran since <see cref="Hold"/> was last called, in order.</summary>
    public IReadOnlyList<float> Rows
    {
        get
        {
            lock (_gate)
                return [.. _rows];
        }
    }

    /// <summary>From now on runs wait for <see cref="Pass"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held = true;
            _runs.Clear();
            _rows.Clear();
            _featuresWanted.Clear();
        }
    }

    /// <summary>Lets one run through, now or when it comes.</summary>
    public void Pass()
    {
        lock (_gate)
        {
            _passes++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets every run through from now on.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _held = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until a run stands at the gate, and tells its size. Each run is told once.</summary>
    public async Task<int> NextRunAsync()
    {
        await _arrivals.WaitAsync().Guarded();
        lock (_gate)
            return _entered.Dequeue();
    }

    /// <summary>Runs that wait to be let through.</summary>
    public int AtTheGate
    {
        get
        {
            lock (_gate)
                return _waiting;
        }
    }

    /// <inheritdoc/>
    public void Run(CropTensors tensors, int count)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            if (_held)
            {
                _entered.Enqueue(count);
                _arrivals.Release();
                _waiting++;
                while (_held && _passes == 0 && !_aborted)
                    Monitor.Wait(_gate);
                _waiting--;
                if (_held && !_aborted)
                    _passes--;
            }

            _runs.Add(count);
            _featuresWanted.Add(tensors.WantsFeatures);
            for (var row = 0; row < count; row++)
                _rows.Add(MemoryMarshal.Cast<byte, float>(tensors.Input(row))[0]);
            if (_aborted)
                throw new InvalidOperationException("aborted");
        }

        Fault?.Invoke(tensors, count);
        for (var row = 0; row < count; row++)
        {
            MeanColour(MemoryMarshal.Cast<byte, float>(tensors.Input(row)), tensors.Output(row), sharpness: 20);
            if (tensors.WantsFeatures)
                MeanColour(MemoryMarshal.Cast<byte, float>(tensors.Input(row)), tensors.Features(row), sharpness: 1);
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            Disposals++;
    }

    private static void MeanColour(ReadOnlySpan<float> input, Span<float> means, double sharpness)
    {
        var plane = input.Length / 3;
        for (var channel = 0; channel < 3; channel++)
        {
            var sum = 0.0;
            foreach (var value in input.Slice(channel * plane, plane))
                sum += value;
            means[channel] = (float)(sharpness * sum / plane);
        }
    }
}
