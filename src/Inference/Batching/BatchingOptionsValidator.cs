using Microsoft.Extensions.Options;

namespace Saccade.Inference.Batching;

/// <summary>The annotations of <see cref="BatchingOptions"/>, checked without reflection.</summary>
[OptionsValidator]
internal sealed partial class BatchingOptionsValidator : IValidateOptions<BatchingOptions>;

/// <summary>What must hold between the options.</summary>
internal sealed class BatchingOptionsCrossValidator : IValidateOptions<BatchingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, BatchingOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.QueueCapacity < options.MaxBatchSize)
        {
            result.AddError($"Batching:QueueCapacity ({options.QueueCapacity}) must be at least Batching:MaxBatchSize ({options.MaxBatchSize}), or no batch could fill.");
        }

        if (options.MaxQueueDelay >= options.DefaultDeadline)
        {
            result.AddError($"Batching:MaxQueueDelay ({options.MaxQueueDelay}) must be shorter than Batching:DefaultDeadline ({options.DefaultDeadline}).");
        }

        return result.Build();
    }
}
