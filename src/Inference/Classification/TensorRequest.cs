using Saccade.Inference.Bundles;

namespace Saccade.Inference.Classification;

/// <summary>Input for a network as it is, without an image.</summary>
public sealed record TensorRequest
{
    /// <summary>Name of the input.</summary>
    public required string InputName { get; init; }

    /// <summary>Type of its elements.</summary>
    public required InputType InputType { get; init; }

    /// <summary>Its shape, rows first: [N, 3, H, W] or [N, H, W, 3], as the model wants it.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>Its elements, row-major, little-endian. Must not change until the call returns.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Model name; null means the default model.</summary>
    public string? Model { get; init; }

    /// <summary>Model version; null means the version served by default.</summary>
    public string? Version { get; init; }

    /// <summary>When the request arrived, as a timestamp of the engine's <see cref="TimeProvider"/>.</summary>
    public required long ArrivedAt { get; init; }

    /// <summary>Time allowed from <see cref="ArrivedAt"/> to the answer; null means the configured default.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Larger is more urgent; 0 is normal.</summary>
    public int Priority { get; init; }
}
