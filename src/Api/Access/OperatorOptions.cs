using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.Access;

/// <summary>A port for those who run the service (section <c>Operator</c>).</summary>
internal sealed class OperatorOptions
{
    public const string Section = "Operator";

    /// <summary>The only port that metrics, and loading and unloading of models, are served on.</summary>
    /// <value>None: they are served wherever everything else is.</value>
    [Range(1, ushort.MaxValue)]
    public int? Port { get; set; }
}
