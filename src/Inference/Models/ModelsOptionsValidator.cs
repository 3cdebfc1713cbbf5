using Microsoft.Extensions.Options;

namespace Saccade.Inference.Models;

/// <summary>The annotations of <see cref="ModelsOptions"/>, checked without reflection.</summary>
[OptionsValidator]
internal sealed partial class ModelsOptionsValidator : IValidateOptions<ModelsOptions>;
