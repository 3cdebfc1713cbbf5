using Saccade.Inference.Looks;
using Saccade.Inference.Models;

namespace Saccade.Inference.Ensembles;

/// <summary>Who is asked about a picture: a model, or the members of an ensemble.</summary>
/// <param name="Model">Name that was asked for.</param>
/// <param name="Version">The version that answers.</param>
/// <param name="Members">At least one.</param>
/// <param name="Auto">How <c>auto</c> looks.</param>
/// <param name="WhenMissing">What becomes of the request when a member cannot answer.</param>
internal sealed record Panel(string Model, string Version, IReadOnlyList<PanelMember> Members, AutoPolicy Auto, WhenMissing WhenMissing)
{
    /// <summary>Whether the members answer for an ensemble.</summary>
    public bool IsEnsemble { get; init; }

    /// <summary>The panel of one model.</summary>
    /// <param name="model">The version that was found.</param>
    /// <param name="find">Finds it again: it may be exchanged for another at any moment.</param>
    public static Panel Of(ServedModel model, Func<ServedModel?> find) => model.Ensemble?.Panel ?? new Panel(
        model.Name,
        model.VersionText,
        [new(model.Name, Weight: 1, find)],
        model.Runtime?.Manifest.Auto ?? AutoPolicy.OfModel,
        WhenMissing.Refuse);
}
