using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.Access;

/// <summary>Who may change what is served (section <c>Admin</c>).</summary>
internal sealed class AdminOptions
{
    public const string Section = "Admin";

    private const int ShortestKey = 16;

    /// <summary>A key of the role <see cref="KeyRole.Admin"/>, as it is.</summary>
    /// <value>None: without a key of that role in <see cref="KeysOptions"/> either, nobody may change anything.</value>
    [MinLength(ShortestKey)]
    public string? Key { get; set; }
}
