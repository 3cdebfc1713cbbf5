using Microsoft.Extensions.Options;

namespace Saccade.Inference.Decoding;

/// <summary>Checks the annotations of <see cref="DecodingOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class DecodingOptionsValidator : IValidateOptions<DecodingOptions>;
