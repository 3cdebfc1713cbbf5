using System.Text.Encodings.Web;
using System.Text.Json;
using Saccade.Training.Networks;

namespace Saccade.Training.Commands.Describe;

/// <summary>A network in figures, as <c>describe --json</c> prints it.</summary>
/// <param name="Name">Preset.</param>
/// <param name="Input">Rows and columns of the input.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Parameters">Trainable values without auxiliary classifiers.</param>
/// <param name="ParametersWithAux">Trainable values with auxiliary classifiers, whether or not they are listed.</param>
/// <param name="Macs">Multiply-adds for one image, without auxiliary classifiers.</param>
/// <param name="Layers">In computing order.</param>
internal sealed record NetworkDescription(
    string Name,
    int Input,
    int Classes,
    long Parameters,
    long ParametersWithAux,
    long Macs,
    IReadOnlyList<LayerDescription> Layers
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Describes a network that was built with its auxiliary classifiers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="aux">Whether to list the auxiliary classifiers' layers too.</param>
    internal static NetworkDescription Of(Network network, bool aux) =>
        new(
            network.Name,
            network.Input.Output.Height,
            network.Classes,
            network.Parameters,
            network.ParametersWithAux,
            network.Macs,
            [.. network.Nodes.Skip(1).Where(node => aux || network.IsMain(node)).Select(LayerDescription.Of)]
        );

    internal string ToJson() => JsonSerializer.Serialize(this, Json);
}
