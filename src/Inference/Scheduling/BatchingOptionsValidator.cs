using Microsoft.Extensions.Options;

namespace Saccade.Inference.Scheduling;

/// <summary>What must hold between the options, beyond the annotations.</summary>
internal sealed class BatchingOptionsValidator : IValidateOptions<BatchingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, BatchingOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.QueueCapacity < options.MaxBatchSize)
        {
            result.AddError(
                $"Batching:QueueCapacity ({options.QueueCapacity}) must be at least Batching:MaxBatchSize ({options.MaxBatchSize}), or no "
                    + "batch could fill."
            );
        }

        if (options.AllowedBatchSizes.Any(size => size < 1 || size > options.MaxBatchSize))
        {
            result.AddError($"Batching:AllowedBatchSizes must hold numbers from 1 to Batching:MaxBatchSize ({options.MaxBatchSize}).");
        }

        if (options.LatencyObjective is not null && options.MaxQueueDelay > TimeSpan.Zero)
        {
            result.AddError(
                "Batching:MaxQueueDelay must be 00:00:00 where Batching:LatencyObjective is set, which chooses the delay itself."
            );
        }

        if (options.MaxQueueDelay > TimeSpan.Zero && options.MaxQueueDelay >= options.DefaultDeadline)
        {
            result.AddError(
                $"Batching:MaxQueueDelay ({options.MaxQueueDelay}) must be shorter than Batching:DefaultDeadline "
                    + $"({options.DefaultDeadline})."
            );
        }

        return result.Build();
    }
}
