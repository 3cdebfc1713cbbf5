using Saccade.Training.Recipes;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Recipes;

public sealed class LearntParametersTests
{
    [Theory]
    [InlineData(13, new[] { 3f, 4 }, 12f)] // the length is exactly 13: nothing to cut
    [InlineData(6.5, new[] { 1.5f, 2 }, 6f)]
    [InlineData(1.3, new[] { 0.3f, 0.4f }, 1.2f)]
    public void Clip_TwoTensors_ShortensThemTogether(double longest, float[] first, float second)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (tensor(new[] { 3f, 4 }), tensor(new[] { 12f }));

        Assert.Equal(13, LearntParameters.Clip([one, other], longest), 1e-6);

        Assert.All(first.Zip(one.data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(second, other.item<float>(), 1e-5);
    }

    /// <summary>The gradient that is clipped is that of the whole loss, weight decay included, as where decay is a term of the
    /// loss.</summary>
    [Theory]
    [InlineData(null, 5.0)]
    [InlineData(10.0, 5.0)]
    [InlineData(2.0, 2.0)]
    public void Gradients_DecayAndClip_DecayFirst(double? clip, double expected)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 10f }).reshape(1, 1));
        LearntParameters parameters = new(
            [("w", weight)],
            new Recipe
            {
                Name = "test",
                WeightDecay = 0.2,
                ClipNorm = clip,
            }
        );
        weight.mul(3).sum().backward();

        using var noGradient = no_grad();
        var gradient = Assert.Single(parameters.Gradients()).Gradient;

        Assert.Equal(expected, gradient.item<float>(), 1e-5);
    }
}
