using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>Who is asked about an image: a model, or the members of an ensemble.</summary>
/// <param name="Model">Name that was asked for.</param>
/// <param name="Version">The version that answers.</param>
/// <param name="Members">At least one.</param>
/// <param name="EarlyExit">The rounds of <c>auto</c>.</param>
/// <param name="WhenMissing">What becomes of the request when a member cannot answer.</param>
internal sealed record MemberSet(
    string Model,
    string Version,
    IReadOnlyList<ServingMember> Members,
    EarlyExitPolicy EarlyExit,
    WhenMissing WhenMissing
)
{
    /// <summary>Tells the load that this set came from, of a model or of an ensemble's definition, from every other.</summary>
    public required Guid LoadId { get; init; }

    /// <summary>Whether the members answer for an ensemble.</summary>
    public bool IsEnsemble { get; init; }

    /// <summary>One model.</summary>
    /// <param name="runtime">What answers at the moment.</param>
    /// <param name="query">Finds what answers when it is asked: it may have been exchanged for another by then.</param>
    public static MemberSet Of(ModelRuntime runtime, ModelQuery query) => Of(runtime, new ServingMember(runtime.Name, Weight: 1, query));

    /// <summary>One model, and nothing else that may take its place.</summary>
    public static MemberSet Only(ModelRuntime runtime) =>
        Of(runtime, new ServingMember(runtime.Name, Weight: 1, Query: default) { Only = runtime });

    private static MemberSet Of(ModelRuntime runtime, ServingMember member) =>
        new(runtime.Name, runtime.Version, [member], runtime.Manifest.EarlyExit ?? EarlyExitPolicy.ForModel, WhenMissing.Refuse)
        {
            LoadId = runtime.LoadId,
        };
}
