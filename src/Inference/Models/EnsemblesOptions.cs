using System.ComponentModel.DataAnnotations;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>How ensembles answer: the configuration section <c>Ensembles</c>.</summary>
public sealed class EnsemblesOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Ensembles";

    /// <summary>
    /// What becomes of a request when a member fails, is late or is not served; an <c>ensemble.json</c> may say otherwise for itself.
    /// </summary>
    /// <value>The default is <see cref="WhenMissing.Refuse"/>.</value>
    [EnumDataType(typeof(WhenMissing), ErrorMessage = "Ensembles:WhenMissing must be Refuse or Answer.")]
    public WhenMissing WhenMissing { get; set; } = WhenMissing.Refuse;
}
