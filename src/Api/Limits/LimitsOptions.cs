using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.Limits;

/// <summary>What one request, and all of them together, may ask for (section <c>Limits</c>).</summary>
internal sealed class LimitsOptions : IValidatableObject
{
    public const string Section = "Limits";

    private const int OneKibibyte = 1024;
    private const int HalfAGibibyte = 512 * 1024 * 1024;

    /// <summary>Longest body of <c>POST /classify</c> in bytes, multipart framing and base64 included.</summary>
    /// <value>20 MiB.</value>
    [Range(OneKibibyte, HalfAGibibyte)]
    public long MaxBodyBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Longest body of <c>POST /classify/batch</c> in bytes.</summary>
    /// <value>64 MiB.</value>
    [Range(OneKibibyte, HalfAGibibyte)]
    public long MaxBatchBodyBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Most images in one <c>POST /classify/batch</c>.</summary>
    /// <value>32.</value>
    [Range(1, 1000)]
    public int MaxImagesPerBatch { get; set; } = 32;

    /// <summary>Memory that the bodies of all requests may take together; a body that finds none is refused.</summary>
    /// <value>
    /// Bytes; default 0: a quarter of what the garbage collector may use, but never less than the longest batch needs, twice its length.
    /// </value>
    [Range(0L, 1L << 40)]
    public long BodyMemory { get; set; }

    /// <summary>Most requests that are answered at once, batches included; those whose bodies are still arriving do not count.</summary>
    /// <value>512. The queue's own limit is what normally sheds load.</value>
    [Range(1, 100_000)]
    public int MaxConcurrentRequests { get; set; } = 512;

    /// <summary>The longest time a client may name.</summary>
    /// <value>5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxDeadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary><see cref="BodyMemory"/>, or what it stands for.</summary>
    public long BodyMemoryInForce() =>
        BodyMemory > 0 ? BodyMemory : Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastBodyMemory);

    private long LeastBodyMemory => 2 * MaxBatchBodyBytes;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxBatchBodyBytes < MaxBodyBytes)
            yield return new($"Limits:MaxBatchBodyBytes ({MaxBatchBodyBytes}) must not be below Limits:MaxBodyBytes ({MaxBodyBytes}).");
        if (BodyMemory > 0 && BodyMemory < LeastBodyMemory)
            yield return new($"Limits:BodyMemory ({BodyMemory}) must be at least twice Limits:MaxBatchBodyBytes ({MaxBatchBodyBytes}).");
    }
}
