namespace Saccade.TestSupport;

/// <summary>The networks of tests/fixtures.</summary>
public static class TestModels
{
    /// <summary>A model repository with one model, <c>colors</c> version 1: 8 × 8 pixels, answers "red", "green" or "blue".</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", "models");

    /// <summary>An image of one colour, as PNG.</summary>
    /// <param name="red">0 to 255.</param>
    /// <param name="green">0 to 255.</param>
    /// <param name="blue">0 to 255.</param>
    /// <param name="side">Pixels.</param>
    public static byte[] Image(byte red, byte green, byte blue, int side = 16)
    {
        var pixels = new byte[3 * side * side];
        for (var at = 0; at < pixels.Length; at += 3)
            (pixels[at], pixels[at + 1], pixels[at + 2]) = (red, green, blue);
        return TestImages.Png(pixels, side, side);
    }
}
