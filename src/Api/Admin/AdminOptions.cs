using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.Admin;

/// <summary>Who may change what is served (section <c>Admin</c>).</summary>
internal sealed class AdminOptions
{
    public const string Section = "Admin";

    private const int ShortestKey = 16;

    /// <summary>What a request that changes something must bring as <c>Authorization: Bearer</c>.</summary>
    /// <value>None: only requests from this machine itself may change something.</value>
    [MinLength(ShortestKey)]
    public string? Key { get; set; }
}
