namespace Saccade.Inference.Classification;

/// <summary>Images to warm up with, in the formats that most clients send: a bright one and a dark one.</summary>
public static class WarmUpImages
{
    /// <summary>A JPEG of 500 × 375 pixels, a gradient under a chessboard.</summary>
    public static ReadOnlyMemory<byte> Jpeg { get; } = Read("warm-up.jpg");

    /// <summary>A PNG of 64 × 48 pixels, nearly black.</summary>
    public static ReadOnlyMemory<byte> Png { get; } = Read("warm-up.png");

    private static byte[] Read(string name)
    {
        using var stream =
            typeof(WarmUpImages).Assembly.GetManifestResourceStream(typeof(WarmUpImages), name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
