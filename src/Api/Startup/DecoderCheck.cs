using Microsoft.Extensions.Options;
using Saccade.Api.Configuration;
using Saccade.Inference.Decoding;

namespace Saccade.Api.Startup;

/// <summary>A JPEG decoder that the configuration demands must be installed.</summary>
internal sealed class DecoderCheck(IServiceProvider services) : IStartupCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes()
    {
        try
        {
            _ = services.GetRequiredService<ImageDecoder>();
            return [];
        }
        catch (InvalidOperationException missing)
        {
            return [missing.Message];
        }
        catch (OptionsValidationException)
        {
            // The section's own check tells.
            return [];
        }
    }
}
