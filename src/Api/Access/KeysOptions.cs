using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.Access;

/// <summary>The keys of those who may ask (section <c>Keys</c>).</summary>
internal sealed class KeysOptions : IValidatableObject
{
    public const string Section = "Keys";

    /// <summary>File with keys, read again whenever its content changes.</summary>
    /// <value>None. With it, or with <see cref="List"/>, whatever computes takes a key.</value>
    [MinLength(1)]
    public string? File { get; set; }

    /// <summary>Keys beside those of the file.</summary>
    /// <value>Empty.</value>
    public IList<KeyEntry> List { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        KeyEntry.Mistakes([.. List], $"{Section}:{nameof(List)}").Select(static mistake => new ValidationResult(mistake));
}
