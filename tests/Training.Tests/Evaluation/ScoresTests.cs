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
}
