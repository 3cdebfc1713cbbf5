namespace Saccade.Client;

/// <summary>How to embed.</summary>
public sealed record EmbedOptions : ImageOptions
{
    /// <summary>Whether the vector is divided by its Euclidean length, so that a scalar product of two is their cosine.</summary>
    public bool Normalise { get; init; }

    private protected override IEnumerable<(string Name, string? Value)> Parameters() =>
        [.. base.Parameters(), ("normalise", Normalise ? "true" : null)];
}
