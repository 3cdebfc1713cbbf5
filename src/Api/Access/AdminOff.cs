using Saccade.Api.Errors;

namespace Saccade.Api.Access;

/// <summary>The answer to whoever would change the service as long as no key is configured that allows it.</summary>
internal static class AdminOff
{
    public static Refusal Refusal { get; } =
        Refusal.Of(
            ApiFailure.AdminNotAllowed,
            "Loading and unloading models is switched off: set Admin:Key, or a key of the role admin in Keys:File or Keys:List."
        );
}
