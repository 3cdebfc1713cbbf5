using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Cropping;

/// <summary>Checks every configured plan.</summary>
internal sealed class CroppingOptionsValidator : IValidateOptions<CroppingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CroppingOptions options)
    {
        string[] problems = [.. CropPlans.Problems(options.Plans.ToDictionary(), $"{CroppingOptions.Section}:{nameof(options.Plans)}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
