using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Tuning;

public sealed class TemperatureTests
{
    private const int Classes = 5;

    /// <summary>Labels are drawn from the softmax of the logits at a temperature; fitting must find it again.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void Fit_LabelsDrawnAtATemperature_FindsIt(double temperature)
    {
        var random = new Random(11);
        List<float[]> logits = [];
        List<int> labels = [];
        for (var image = 0; image < 20_000; image++)
        {
            float[] row = [.. Enumerable.Range(0, Classes).Select(_ => (float)(random.NextDouble() * 6))];
            logits.Add(row);
            labels.Add(Draw(row, temperature, random.NextDouble()));
        }

        Assert.Equal(temperature, Temperature.Fit(logits, labels), temperature * 0.05);
    }

    [Fact]
    public void Fit_AnyLogits_NoNeighbourIsLikelier()
    {
        var random = new Random(3);
        List<float[]> logits =
        [
            .. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, Classes).Select(_ => (float)(random.NextDouble() * 9)).ToArray()),
        ];
        List<int> labels = [.. logits.Select(row => random.Next(3) == 0 ? random.Next(Classes) : Array.IndexOf(row, row.Max()))];

        var fitted = Temperature.Fit(logits, labels);

        var best = Temperature.NegativeLogLikelihood(logits, labels, fitted);
        Assert.InRange(fitted, Temperature.Least * 1.1, Temperature.Most / 1.1);
        Assert.All(
            [0.9, 0.99, 1.01, 1.1],
            factor => Assert.True(Temperature.NegativeLogLikelihood(logits, labels, fitted * factor) >= best - 1e-12)
        );
    }

    [Fact]
    public void Fit_AlwaysRightOrAlwaysWrong_StaysInItsRange()
    {
        float[][] logits =
        [
            [5, 1],
            [1, 4],
        ];

        Assert.Equal(Temperature.Least, Temperature.Fit(logits, [0, 1]), 1e-3);
        Assert.Equal(Temperature.Most, Temperature.Fit(logits, [1, 0]), 1e-1);
    }

    [Fact]
    public void Fit_NothingToFitTo_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Temperature.Fit([], []));
        Assert.Throws<ArgumentException>(() =>
            Temperature.Fit(
                [
                    [1, 2],
                ],
                [0, 1]
            )
        );
    }

    private static int Draw(float[] logits, double temperature, double uniform)
    {
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / temperature))];
        var left = uniform * weights.Sum();
        var label = 0;
        while (label < Classes - 1 && (left -= weights[label]) > 0)
            label++;
        return label;
    }
}
