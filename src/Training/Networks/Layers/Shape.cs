namespace Saccade.Training.Networks.Layers;

/// <summary>The values of one image at one point of a network: channels × rows × columns, the batch axis left out.</summary>
/// <param name="Channels">Feature maps, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct Shape(int Channels, int Height, int Width)
{
    /// <summary>A plain vector of features, as a linear layer takes and gives.</summary>
    public static Shape Vector(int features) => new(features, 1, 1);

    /// <summary>Number of values.</summary>
    public long Count => (long)Channels * Height * Width;

    /// <summary>Whether this is a vector of features.</summary>
    public bool IsVector => Height == 1 && Width == 1;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}×{Height}×{Width}";
}
