using System.Globalization;

namespace Saccade.Client;

/// <summary>What can be said about an image whatever is asked of it. What is left out is the service's default.</summary>
public abstract record ImageOptions
{
    private protected ImageOptions() { }

    /// <summary>Name of the model or ensemble; null means the default one.</summary>
    public string? Model { get; init; }

    /// <summary>Its version; null means the version served by default.</summary>
    public string? Version { get; init; }

    /// <summary>Crops of the image: a number that the model has a plan for, such as <c>10</c>, or <c>auto</c>; null means 1.</summary>
    public string? Crops { get; init; }

    /// <summary>
    /// Time from the call to the answer, retries included, from 1 ms to the service's limit, at most a day. The service drops the work
    /// when it is over, and refuses at once what it cannot finish by then.
    /// </summary>
    public TimeSpan? Deadline
    {
        get;
        init
        {
            if (value is not null)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value.Value, TimeSpan.Zero, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Value, TimeSpan.FromDays(1), nameof(value));
            }

            field = value;
        }
    }

    /// <summary>−10 to 10; larger is served first.</summary>
    public int Priority { get; init; }

    /// <summary>The query string, with its question mark; empty if all is left to the service.</summary>
    internal string ToQuery()
    {
        var given = Parameters().Where(static parameter => parameter.Value is not null);
        var query = string.Join('&', given.Select(static parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return query.Length == 0 ? "" : $"?{query}";
    }

    private protected virtual IEnumerable<(string Name, string? Value)> Parameters() =>
        [("model", Model), ("version", Version), ("crops", Crops), ("priority", Priority == 0 ? null : Text(Priority))];

    private protected static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
