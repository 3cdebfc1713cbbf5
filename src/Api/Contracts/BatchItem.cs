namespace Saccade.Api.Contracts;

/// <summary>What became of one image of <c>POST /classify/batch</c>: exactly one of <see cref="Result"/> and <see cref="Problem"/> is
/// set.</summary>
internal sealed record BatchItem
{
    /// <summary>Position of the image among the parts, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The file name the client gave, if any.</summary>
    public string? FileName { get; init; }

    /// <summary>The answer.</summary>
    public ClassifyResponse? Result { get; init; }

    /// <summary>Why there is none.</summary>
    public ProblemBody? Problem { get; init; }
}
