using Saccade.Bench.Ceiling;

namespace Saccade.Bench.Crops;

/// <summary>ONNX Runtime alone and a request, seconds apart, so that a noisy neighbour meets both.</summary>
/// <param name="Crops">Crops of the request.</param>
/// <param name="Raw">ONNX Runtime alone, just before and after.</param>
/// <param name="DecodeMs">One image on one thread.</param>
/// <param name="RequestMs">The request, as its client saw it.</param>
/// <param name="ProcessorMs">Processor time that the service spent on it.</param>
internal sealed record CropsRound(int Crops, RawRate Raw, double DecodeMs, double RequestMs, double ProcessorMs)
{
    /// <summary>The least it could take: the crops in batches and nothing else, after one decode.</summary>
    public double LeastMs => (Crops / Raw.ImagesPerSecond * 1000) + DecodeMs;

    /// <summary>The same in processor time.</summary>
    public double LeastProcessorMs => (Crops * Raw.ProcessorMsPerImage) + DecodeMs;

    /// <summary>How many times that the request took.</summary>
    public double Ratio => RequestMs / LeastMs;

    /// <summary>The same by processor time, which hardly moves when a neighbour takes the cores.</summary>
    public double ProcessorRatio => ProcessorMs / LeastProcessorMs;
}
