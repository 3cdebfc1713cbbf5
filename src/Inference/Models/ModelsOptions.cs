using System.ComponentModel.DataAnnotations;

namespace Saccade.Inference.Models;

/// <summary>Which models are served: the configuration section <c>Models</c>.</summary>
public sealed class ModelsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Models";

    /// <summary>
    /// Folder of the model repository, laid out as <c>&lt;name&gt;/&lt;version&gt;/model.onnx</c>; a relative path starts at the working directory.
    /// </summary>
    /// <value>The default is <c>models</c>.</value>
    [Required(ErrorMessage = "Models:Path must name the folder that holds the models.")]
    public string Path { get; set; } = "models";

    /// <summary>Name of the model that answers when the client names none.</summary>
    /// <value>The default is null: the only model there is, or the first by name.</value>
    public string? Default { get; set; }
}
