namespace Saccade.Api.Access;

/// <summary>For what the service asks for keys. Decided at the start; which keys are valid may change at any time.</summary>
/// <param name="ToClassify">Whether whatever computes takes a key.</param>
/// <param name="ToAdminister">Whether loading and unloading models takes a key; otherwise it is switched off.</param>
internal sealed record KeyDemand(bool ToClassify, bool ToAdminister)
{
    /// <summary>What a configuration demands.</summary>
    public static KeyDemand Of(IConfiguration configuration)
    {
        var keys = configuration.GetSection(KeysOptions.Section);
        var listed = keys.GetSection(nameof(KeysOptions.File)).Exists() || keys.GetSection(nameof(KeysOptions.List)).Exists();
        return new(listed, listed || configuration.GetSection($"{AdminOptions.Section}:{nameof(AdminOptions.Key)}").Exists());
    }
}
