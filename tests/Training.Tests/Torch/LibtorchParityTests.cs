using Saccade.Training.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Saccade.Training.Tests.Torch;

/// <summary>
/// TorchSharp computes what Python's torch 1.13.1 computed for the same formula-made weights:
/// every layer function of the project, its backward pass and five Nesterov steps.
/// </summary>
public sealed class LibtorchParityTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private static readonly float[] PythonLosses =
    [
        1.9627104997634888f,
        0.7354179620742798f,
        0.7665954828262329f,
        0.7908890247344971f,
        0.6710138916969299f,
    ];
    private static readonly float[] PythonSquares =
    [
        5.260550498962402f,
        3.119898557662964f,
        0.15790793299674988f,
        13.989604949951172f,
        0.2286202311515808f,
    ];
    private static readonly float[] PythonMeans =
    [
        0.005847219843417406f,
        0.005909287836402655f,
        0.0013654243666678667f,
        0.0057967714965343475f,
    ];
    private static readonly float[] PythonVariances = [0.8766903877258301f, 0.938816487789154f, 0.7070097923278809f, 0.818832516670227f];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Parameter _kernel = new(Wave(108, 1, [4, 3, 3, 3]));
    private readonly Parameter _scale = new(zeros([4]).fill_(1));
    private readonly Parameter _shift = new(zeros([4]));
    private readonly Parameter _weight = new(Wave(240, 2, [5, 48]));
    private readonly Parameter _bias = new(Wave(5, 3, [5]));
    private readonly Tensor _means = zeros([4]);
    private readonly Tensor _variances = zeros([4]).fill_(1);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void FiveSteps_ConvNormLrnPoolLinear_GivePythonsLossesAndWeights()
    {
        Parameter[] parameters = [_kernel, _scale, _shift, _weight, _bias];
        using var optimiser = new SgdMomentum(
            parameters.Select((parameter, i) => ($"{i}", parameter)),
            new Recipe
            {
                Name = "parity",
                Momentum = 0.9,
                Nesterov = true,
                WeightDecay = 0.01,
                DecayBiasAndNorm = true,
            }
        );
        var pixels = Wave(384, 4, [2, 3, 8, 8]).mul(3);
        var labels = tensor(new long[] { 1, 3 });

        var losses = Enumerable.Range(0, PythonLosses.Length).Select(_ => Step(pixels, labels, parameters, optimiser)).ToArray();

        AssertClose(PythonLosses, losses);
        AssertClose(PythonSquares, parameters.Select(parameter => parameter.detach().pow(2).sum().item<float>()));
        AssertClose(PythonMeans, _means.data<float>().ToArray());
        AssertClose(PythonVariances, _variances.data<float>().ToArray());
    }

    private float Step(Tensor pixels, Tensor labels, Parameter[] parameters, SgdMomentum optimiser)
    {
        foreach (var parameter in parameters)
            parameter.grad?.zero_();
        var loss = F.cross_entropy(Logits(pixels), labels, label_smoothing: 0.1);
        loss.backward();
        optimiser.Step(0.1);
        return loss.item<float>();
    }

    private Tensor Logits(Tensor pixels)
    {
        var features = F.conv2d(pixels, _kernel, padding: [1, 1]);
        features = F.batch_norm(features, _means, _variances, _scale, _shift, training: true, momentum: 0.1, eps: 1e-3);
        features = F.local_response_norm(F.relu(features, inplace: true), 5, 0.1, 0.75, 1.0);
        features = F.max_pool2d(features, [3, 3], [2, 2], ceil_mode: true);
        features = F.avg_pool2d(features, [2, 3], [1, 1], [0, 1], count_include_pad: false);
        return F.linear(features.flatten(1), _weight, _bias);
    }

    private static Tensor Wave(int count, double phase, long[] shape) =>
        tensor(Enumerable.Range(0, count).Select(i => (float)(Math.Sin((i * 0.7) + phase) * 0.3)).ToArray(), shape);

    private static void AssertClose(IEnumerable<float> expected, IEnumerable<float> actual) =>
        Assert.All(expected.Zip(actual, (e, a) => (e, a)), pair => Assert.Equal(pair.e, pair.a, Tolerance));
}
