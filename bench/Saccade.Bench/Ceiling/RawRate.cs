namespace Saccade.Bench.Ceiling;

/// <summary>What ONNX Runtime alone gave.</summary>
/// <param name="ImagesPerSecond">All concurrent runs together.</param>
/// <param name="ProcessorMsPerImage">Processor time of all threads for one image, spinning included.</param>
public sealed record RawRate(double ImagesPerSecond, double ProcessorMsPerImage);
