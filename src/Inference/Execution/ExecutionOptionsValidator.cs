using Microsoft.Extensions.Options;

namespace Saccade.Inference.Execution;

/// <summary>What must hold between the options, beyond the annotations.</summary>
internal sealed class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ExecutionOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.DeviceIds.Any(id => id < 0))
        {
            result.AddError("Execution:DeviceIds must hold numbers from 0.");
        }

        if (options.DeviceIds.Distinct().Count() != options.DeviceIds.Count)
        {
            result.AddError(
                "Execution:DeviceIds must not name a device twice; raise Execution:Sessions to run more at once on one device."
            );
        }

        if (options.Provider == ExecutionProvider.Cpu && options.DeviceIds.Count > 0)
        {
            result.AddError("Execution:DeviceIds has a meaning for CUDA only; remove it or change Execution:Provider from Cpu.");
        }

        return result.Build();
    }
}
