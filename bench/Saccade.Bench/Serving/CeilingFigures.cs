namespace Saccade.Bench.Serving;

/// <summary>What the machine could do at best.</summary>
/// <param name="Cores">Cores that both the ceiling and the service may use.</param>
/// <param name="Raw">Images per second of ONNX Runtime alone, all cores busy, at its best layout.</param>
/// <param name="RawProcessorMs">Its processor time for one image.</param>
/// <param name="DecodeMs">One image on one thread.</param>
/// <param name="PreprocessMs">One crop on one thread.</param>
internal sealed record CeilingFigures(int Cores, double Raw, double RawProcessorMs, double DecodeMs, double PreprocessMs)
{
    /// <summary>
    /// Images per second if a service only decoded and ran the network: per image, all cores for 1/raw and one core for the decode. Resize
    /// and crop, HTTP, JSON and the load generator on the same cores are what the service has to hide or save.
    /// </summary>
    public double Ceiling => 1 / ((1 / Raw) + (DecodeMs / 1000 / Cores));

    /// <summary>The same with the resize and crop that every service needs.</summary>
    public double CeilingWithPreprocess => 1 / ((1 / Raw) + ((DecodeMs + PreprocessMs) / 1000 / Cores));

    /// <summary>Processor time of that least service for one image. Unlike a rate it hardly moves when a neighbour takes the
    /// cores.</summary>
    public double ProcessorMs => RawProcessorMs + DecodeMs;
}
