namespace Saccade.Api.Parameters;

/// <summary>How requests are read (section <c>Requests</c>).</summary>
internal sealed class RequestsOptions
{
    public const string Section = "Requests";

    /// <summary>Whether query parameters of classify requests that mean nothing are passed over, for clients that send some of their
    /// own.</summary>
    /// <value>False: they are refused, since a misspelt one would change the answer without a word.</value>
    public bool IgnoreUnknownParameters { get; set; }
}
