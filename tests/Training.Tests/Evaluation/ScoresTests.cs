using Saccade.Training.Evaluation;
using Xunit;

namespace Saccade.Training.Tests.Evaluation;

public sealed class ScoresTests
{
    [Fact]
    public void Add_SeveralAnswers_CountsBestAndBestFiveAndConfusion()
    {
        Scores scores = new(7);
        float[] falling = [7, 6, 5, 4, 3, 2, 1];
        for (var label = 0; label < 7; label++)
            scores.Add(falling, label);

        Assert.Equal(7, scores.Images);
        Assert.Equal(1.0 / 7, scores.Top1, 1e-12);
        Assert.Equal(5.0 / 7, scores.Top5, 1e-12);
        Assert.Equal(1, scores.Recall(0));
        Assert.Equal(0, scores.Recall(6));
        Assert.Equal(1, scores.Confusion(actual: 6, predicted: 0));
    }

    [Fact]
    public void Add_Ties_GoToTheLowerIndexAlone()
    {
        Scores scores = new(3);
        for (var label = 0; label < 3; label++)
            scores.Add([1, 1, 1], label);

        Assert.Equal(1, scores.Right);
    }

    [Fact]
    public void Add_NoNumbers_AreNoBetterThanAGuess()
    {
        Scores scores = new(10);
        for (var label = 0; label < 10; label++)
            scores.Add([.. Enumerable.Repeat(float.NaN, 10)], label);

        Assert.Equal(0.1, scores.Top1, 1e-12);
        Assert.Equal(0.5, scores.Top5, 1e-12);
    }

    [Fact]
    public void Add_WrongLength_IsRefused() => Assert.Throws<ArgumentException>(() => new Scores(3).Add([1, 2], 0));

    [Fact]
    public void PrecisionRecallAndF1_OfClasses_AreTheTextbooks()
    {
        // Class 0: two of three found, and one of class 1 taken for it. Class 2 is never answered; class 3 has no images.
        Scores scores = new(4);
        scores.Add([9, 0, 0, 0], 0);
        scores.Add([9, 0, 0, 0], 0);
        scores.Add([0, 9, 0, 0], 0);
        scores.Add([9, 0, 0, 0], 1);
        scores.Add([0, 9, 0, 0], 1);
        scores.Add([0, 0, 0, 9], 2);

        Assert.Equal([3, 2, 1, 0], Enumerable.Range(0, 4).Select(scores.Support));
        Assert.Equal([2.0 / 3, 0.5, 0, 0], Enumerable.Range(0, 4).Select(scores.Precision));
        Assert.Equal([2.0 / 3, 0.5, 0, 0], Enumerable.Range(0, 4).Select(scores.Recall));
        Assert.Equal([2.0 / 3, 0.5, 0, 0], Enumerable.Range(0, 4).Select(scores.F1));
        Assert.Equal(7.0 / 18, scores.MacroF1, 1e-12);
        Assert.Equal(7.0 / 18, scores.MacroPrecision, 1e-12);
        Assert.Equal(7.0 / 18, scores.MacroRecall, 1e-12);
    }

    [Fact]
    public void F1_PrecisionAndRecallDiffer_IsTheirHarmonicMean()
    {
        Scores scores = new(2);
        scores.Add([1, 0], 0);
        scores.Add([1, 0], 1);
        scores.Add([1, 0], 1);
        scores.Add([0, 1], 1);

        Assert.Equal((1.0 / 3, 1.0), (scores.Precision(0), scores.Recall(0)));
        Assert.Equal(0.5, scores.F1(0), 1e-12);
    }

    [Fact]
    public void WorstMistakes_AnswersInAnyOrder_AreTheSurestWrongOnes()
    {
        Scores scores = new(2);
        foreach (var image in Enumerable.Range(0, 100).Reverse())
            scores.Add([0.5f + (image / 400f), 0], image % 2, image);
        scores.Add([0.5f + (99 / 400f), 0], 1, image: 7); // as sure as image 99

        Assert.Equal(48, scores.WorstMistakes.Count);
        Assert.Equal([7, 99, 97, 95], scores.WorstMistakes.Take(4).Select(mistake => mistake.Image));
        Assert.Equal(
            (1, 0, 0.7475f),
            (scores.WorstMistakes[0].Actual, scores.WorstMistakes[0].Predicted, scores.WorstMistakes[0].Probability)
        );
    }

    [Fact]
    public void WorstMistakes_ImagesInOrder_AreNumbered()
    {
        Scores scores = new(2);
        scores.Add([1, 0], 0);
        scores.Add([1, 0], 1);

        Assert.Equal(1, Assert.Single(scores.WorstMistakes).Image);
    }
}
