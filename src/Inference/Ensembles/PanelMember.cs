using Saccade.Inference.Models;

namespace Saccade.Inference.Ensembles;

/// <summary>One of the models that are asked about a picture: the only one, or a member of an ensemble.</summary>
/// <param name="Name">What it is called in the answer.</param>
/// <param name="Weight">How much its answer counts beside the others'.</param>
/// <param name="Find">The version that answers at the moment; null if there is none such.</param>
internal sealed record PanelMember(string Name, double Weight, Func<ServedModel?> Find);
