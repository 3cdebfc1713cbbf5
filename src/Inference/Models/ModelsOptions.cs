using System.ComponentModel.DataAnnotations;

namespace Saccade.Inference.Models;

/// <summary>Which models are served: the configuration section <c>Models</c>.</summary>
public sealed class ModelsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Models";

    /// <summary>
    /// Folder of the model repository, laid out as <c>&lt;name&gt;/&lt;version&gt;/model.onnx</c>; a relative path starts at the working
    /// directory.
    /// </summary>
    /// <value>The default is <c>models</c>.</value>
    [Required(ErrorMessage = "Models:Path must name the folder that holds the models.")]
    public string Path { get; set; } = "models";

    /// <summary>Name of the model that answers when the client names none.</summary>
    /// <value>The default is null: the only model in the folder, or the first by name, whether it can be loaded or not.</value>
    public string? Default { get; set; }

    /// <summary>
    /// Whether every version that the folder holds at the start must have served once before the service is ready; otherwise only the
    /// default model must.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Strict { get; set; } = true;

    /// <summary>How long loading a version may take before it is given up and tried again later.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Models:LoadTimeout must be between 1 s and 1 day.")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many versions of a model serve at once.</summary>
    /// <value>The default is <see cref="ServedVersions.All"/>.</value>
    public ServedVersions Versions { get; set; } = ServedVersions.All;

    /// <summary>
    /// Whether the folder is watched while the service runs: versions that appear or change are loaded, those that vanish are unloaded.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Watch { get; set; }

    /// <summary>Time between two looks at the folder. A bundle is loaded once it looked the same twice in a row.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00", ErrorMessage = "Models:WatchInterval must be between 100 ms and 1 h.")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>How many versions of a model serve at once.</summary>
public enum ServedVersions
{
    /// <summary>
    /// Every version in the folder; the highest that works answers requests that name none, if it has a manifest and the labels of those
    /// before it.
    /// </summary>
    All,

    /// <summary>
    /// One: at the start the highest that works, later whichever was loaded last. A version that has become ready replaces the others, if
    /// it has a manifest and their labels or was asked for by its number.
    /// </summary>
    One,
}
