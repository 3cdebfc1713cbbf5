using System.Runtime.InteropServices;

namespace Saccade.Inference.Execution;

/// <summary>
/// Input and output tensors for up to <see cref="Capacity"/> crops, in memory that the garbage collector neither moves nor sees.
/// One session run uses it at a time. Rows are crops.
/// </summary>
public sealed unsafe class CropTensors : IDisposable
{
    // A cache line, and the widest vector register.
    private const nuint Alignment = 64;

    private nint _input;
    private nint _output;

    /// <summary>Allocates, zeroed.</summary>
    /// <param name="layout">Shape of one crop.</param>
    /// <param name="capacity">Rows, at least 1; raised to the graph's fixed batch if there is one.</param>
    public CropTensors(TensorLayout layout, int capacity)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Layout = layout;
        Capacity = Math.Max(capacity, layout.FixedBatch ?? 1);
        InputBytes = (long)Capacity * layout.CropBytes;
        OutputBytes = (long)Capacity * layout.Classes * sizeof(float);
        _input = Allocate(InputBytes);
        _output = Allocate(OutputBytes);
    }

    /// <summary>Shape of one crop.</summary>
    public TensorLayout Layout { get; }

    /// <summary>Rows.</summary>
    public int Capacity { get; }

    /// <summary>Start of the input, for the runtime.</summary>
    public nint InputAddress => _input;

    /// <summary>Start of the output, for the runtime.</summary>
    public nint OutputAddress => _output;

    /// <summary>Bytes of all input rows.</summary>
    public long InputBytes { get; }

    /// <summary>Bytes of all output rows.</summary>
    public long OutputBytes { get; }

    /// <summary>The input of one crop.</summary>
    /// <param name="row">From 0, below <see cref="Capacity"/>.</param>
    public Span<byte> Input(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Capacity, nameof(row));
        ObjectDisposedException.ThrowIf(_input == 0, this);
        return new((byte*)_input + ((long)row * Layout.CropBytes), Layout.CropBytes);
    }

    /// <summary>The logits of one crop.</summary>
    /// <param name="row">From 0, below <see cref="Capacity"/>.</param>
    public Span<float> Output(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Capacity, nameof(row));
        ObjectDisposedException.ThrowIf(_output == 0, this);
        return new((float*)_output + ((long)row * Layout.Classes), Layout.Classes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Each address leaves its field before it is freed: memory that two threads free ends the process, not an exception.
        NativeMemory.AlignedFree((void*)Interlocked.Exchange(ref _input, 0));
        NativeMemory.AlignedFree((void*)Interlocked.Exchange(ref _output, 0));
    }

    private static nint Allocate(long bytes)
    {
        var memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(memory, (nuint)bytes);
        return (nint)memory;
    }
}
