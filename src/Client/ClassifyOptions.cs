namespace Saccade.Client;

/// <summary>How to classify.</summary>
public sealed record ClassifyOptions : ImageOptions
{
    /// <summary>Predictions to return, 1 to 1000; null means 5.</summary>
    public int? TopK { get; init; }

    /// <summary>Whether the answer is to say what of the image each crop showed: <see cref="Client.Crops.Windows"/>.</summary>
    public bool IncludeWindows { get; init; }

    private protected override IEnumerable<(string Name, string? Value)> Parameters() =>
        [.. base.Parameters(), ("topK", Text(TopK)), ("explain", IncludeWindows ? "crops" : null)];
}
