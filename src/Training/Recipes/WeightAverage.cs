using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>
/// A running mean of a network's floating-point tensors: parameters and batch-norm statistics, as TensorFlow does
/// (architectures.md §3.5). It reads the trained tensors and never writes them, but for <see cref="Use"/>, which undoes itself.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    // After so many iterates a mean of batch norm's statistics has nothing left of their start: 0.9¹⁰⁰ is 3e-5.
    private const long RipeAfter = 100;

    private readonly AveragingOptions _options;
    private readonly long _firstStep;
    private readonly long _ripeFrom;
    private readonly List<(string Name, Tensor Trained, Tensor Mean)> _tensors;

    /// <summary>Starts at the tensors' present values.</summary>
    /// <param name="tensors">The network's floating-point parameters and buffers by name.</param>
    /// <param name="options">Which mean.</param>
    /// <param name="stepsPerEpoch">Turns epochs into steps.</param>
    public WeightAverage(IEnumerable<(string Name, Tensor Value)> tensors, AveragingOptions options, long stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _firstStep = (long)Math.Round(options.FromEpoch * stepsPerEpoch);
        _ripeFrom = options.Kind == AveragingKind.Polyak ? _firstStep + Math.Max(RipeAfter, stepsPerEpoch) : RipeAfter;
        using var noGradient = no_grad();
        _tensors = [.. tensors.Select(tensor => (tensor.Name, tensor.Value, tensor.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The means by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _tensors.Select(tensor => (tensor.Name, tensor.Mean));

    /// <summary>
    /// Whether the mean is one of weights that have learnt something. A young one is worse than the weights themselves: it still holds the
    /// first iterates and the statistics that batch normalisation starts with. It takes 100 steps, of a uniform mean as many from the epoch
    /// on that it starts in, and a whole epoch.
    /// </summary>
    /// <param name="steps">Steps done.</param>
    public bool IsRipe(long steps) => steps >= _ripeFrom;

    /// <summary>Takes the trained tensors in after a step.</summary>
    /// <param name="step">The step just done, counted from 0.</param>
    public void Update(long step)
    {
        if (WeightOf(step) is not (> 0 and var weight))
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var share = tensor((float)weight, device: _tensors[0].Mean.device);
        foreach (var (_, trained, mean) in _tensors)
            mean.lerp_(trained, share);
    }

    /// <summary>How much of the new iterate enters the mean after a step.</summary>
    /// <remarks>
    /// Exponential: 1 − min(decay, (1 + t)/(10 + t)). Uniform: 1/n for the n-th iterate; before the first one counts, 1.
    /// </remarks>
    public double WeightOf(long step) =>
        _options.Kind switch
        {
            AveragingKind.None => 0,
            AveragingKind.Ema => 1 - Math.Min(_options.Decay, (1.0 + step) / (10.0 + step)),
            AveragingKind.Polyak => 1.0 / Math.Max(1, step - _firstStep + 1),
            _ => throw new InvalidOperationException($"Unknown average {_options.Kind}."),
        };

    /// <summary>Puts the means into the network until the returned object is disposed, which restores every bit.</summary>
    public IDisposable Use() => new Swap(_tensors);

    /// <inheritdoc/>
    public void Dispose() => _tensors.ForEach(tensor => tensor.Mean.Dispose());

    private sealed class Swap : IDisposable
    {
        private readonly List<(Tensor Trained, Tensor Kept)> _kept;

        public Swap(List<(string Name, Tensor Trained, Tensor Mean)> tensors)
        {
            using var noGradient = no_grad();
            _kept = [.. tensors.Select(tensor => (tensor.Trained, tensor.Trained.detach().clone().DetachFromDisposeScope()))];
            foreach (var (_, trained, mean) in tensors)
                trained.copy_(mean);
        }

        public void Dispose()
        {
            using var noGradient = no_grad();
            foreach (var (trained, kept) in _kept)
            {
                trained.copy_(kept);
                kept.Dispose();
            }
        }
    }
}
