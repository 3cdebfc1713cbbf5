namespace Saccade.Client;

/// <summary>How the images of a batch are sent.</summary>
public sealed record BatchOptions
{
    /// <summary>Images that are under way at once, or answered and waiting for their turn; from 1.</summary>
    /// <value>16, which fills the batches of one replica.</value>
    public int MaxConcurrency
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 16;

    /// <summary>Whether results come in the order of the images; otherwise as they are answered, which keeps more of them under
    /// way.</summary>
    /// <value>True.</value>
    public bool InOrder { get; init; } = true;
}
