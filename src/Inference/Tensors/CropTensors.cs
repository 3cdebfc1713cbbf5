namespace Saccade.Inference.Tensors;

/// <summary>
/// Input and output tensors for up to <see cref="Capacity"/> crops, in memory that the garbage collector neither moves nor sees.
/// One session run uses it at a time. Rows are crops.
/// </summary>
public sealed unsafe class CropTensors : IDisposable
{
    private readonly AlignedMemory _input;
    private readonly AlignedMemory _output;
    private readonly AlignedMemory? _features;

    /// <summary>Allocates, zeroed.</summary>
    /// <param name="layout">Shape of one crop.</param>
    /// <param name="capacity">Rows, at least 1; raised to the graph's fixed batch if there is one.</param>
    /// <param name="pinned">Whether an accelerator copies from here, so that pinning the input pays.</param>
    public CropTensors(TensorLayout layout, int capacity, bool pinned = false)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Layout = layout;
        Capacity = Math.Max(capacity, layout.FixedBatch ?? 1);
        _input = new((long)Capacity * layout.CropBytes, pinned);
        _output = new((long)Capacity * layout.Classes * sizeof(float), pinned);
        if (layout.Features is not null)
            _features = new((long)Capacity * layout.FeaturesSize * sizeof(float), pinned);
    }

    /// <summary>Shape of one crop.</summary>
    public TensorLayout Layout { get; }

    /// <summary>Rows.</summary>
    public int Capacity { get; }

    /// <summary>Start of the input, for the runtime.</summary>
    public nint InputAddress => _input.Address;

    /// <summary>Start of the output, for the runtime.</summary>
    public nint OutputAddress => _output.Address;

    /// <summary>Start of the features, for the runtime; there must be some.</summary>
    public nint FeaturesAddress => (_features ?? throw NoFeatures()).Address;

    /// <summary>Whether runs are to write the features too. Only where the layout has some.</summary>
    public bool WantsFeatures { get; set; }

    /// <summary>The input of one crop.</summary>
    /// <param name="row">From 0, below <see cref="Capacity"/>.</param>
    public Span<byte> Input(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Capacity, nameof(row));
        return new((byte*)_input.Address + ((long)row * Layout.CropBytes), Layout.CropBytes);
    }

    /// <summary>The logits of one crop.</summary>
    /// <param name="row">From 0, below <see cref="Capacity"/>.</param>
    public Span<float> Output(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Capacity, nameof(row));
        return new((float*)_output.Address + ((long)row * Layout.Classes), Layout.Classes);
    }

    /// <summary>The features of one crop; there must be some.</summary>
    /// <param name="row">From 0, below <see cref="Capacity"/>.</param>
    public Span<float> Features(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Capacity, nameof(row));
        return new((float*)FeaturesAddress + ((long)row * Layout.FeaturesSize), Layout.FeaturesSize);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _features?.Dispose();
    }

    private static InvalidOperationException NoFeatures() => new("The layout has no features.");
}
