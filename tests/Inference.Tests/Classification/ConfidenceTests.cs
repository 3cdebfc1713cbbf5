using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;

namespace Saccade.Inference.Tests.Classification;

public sealed class ConfidenceTests
{
    [Theory]
    [InlineData(new[] { 1f, 0, 0, 0 }, 1, 1)]
    [InlineData(new[] { 0.25f, 0.25f, 0.25f, 0.25f }, 0, 0)]
    [InlineData(new[] { 0.5f, 0.5f, 0, 0 }, 0, 0.5)]
    [InlineData(new[] { 0.1f, 0.7f, 0.15f, 0.05f }, 0.55, 0.3405)]
    public void Of_KnownDistribution_IsTheMarginAndOneLessTheEntropy(float[] probabilities, double margin, double entropy)
    {
        Assert.Equal(margin, Confidence.Of(ConfidenceRule.Margin, probabilities, agreement: 0.3), 1e-4);
        Assert.Equal(entropy, Confidence.Of(ConfidenceRule.Entropy, probabilities, agreement: 0.3), 1e-4);
        Assert.Equal(0.3, Confidence.Of(ConfidenceRule.Agreement, probabilities, agreement: 0.3));
    }

    [Fact]
    public void Of_OnlyOneClass_IsSure() =>
        Assert.All([ConfidenceRule.Margin, ConfidenceRule.Entropy], rule => Assert.Equal(1, Confidence.Of(rule, [1f], agreement: 0)));

    [Fact]
    public void Of_AnyDistribution_LiesBetweenNoIdeaAndNoDoubt() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Gen.Choose(0, 1000).NonEmptyListOf().ToArbitrary(),
                weights =>
                {
                    var sum = weights.Sum() + weights.Count;
                    float[] probabilities = [.. weights.Select(weight => (weight + 1f) / sum)];
                    return new[] { ConfidenceRule.Margin, ConfidenceRule.Entropy }.All(rule =>
                        Confidence.Of(rule, probabilities, 0) is >= 0 and <= 1.000001
                    );
                }
            )
        );
}
