namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The pixels that one pass of an interlaced picture carries.</summary>
internal readonly record struct PngPass(int FirstColumn, int ColumnStep, int FirstRow, int RowStep)
{
    public static PngPass Whole { get; } = new(0, 1, 0, 1);

    public static IReadOnlyList<PngPass> Adam7 { get; } =
        [new(0, 8, 0, 8), new(4, 8, 0, 8), new(0, 4, 4, 8), new(2, 4, 0, 4), new(0, 2, 2, 4), new(1, 2, 0, 2), new(0, 1, 1, 2)];

    public int Columns(int width) => (width - FirstColumn + ColumnStep - 1) / ColumnStep;
}
