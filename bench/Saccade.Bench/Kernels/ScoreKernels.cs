using BenchmarkDotNet.Attributes;
using Saccade.Bench.Images;
using Saccade.Inference.Aggregation;

namespace Saccade.Bench.Kernels;

/// <summary>Logits to the best labels.</summary>
[MemoryDiagnoser]
public class ScoreKernels
{
    private readonly float[] _probabilities = new float[1000];
    private float[] _logits = null!;

    /// <summary>Makes logits.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _logits = new float[_probabilities.Length];
        new Random(1).NextFloats(_logits);
    }

    /// <summary>Over 1000 classes.</summary>
    [Benchmark]
    public bool SoftmaxOf1000() => Softmax.TryCompute(_logits, _probabilities);
}
