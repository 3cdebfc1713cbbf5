namespace Saccade.Inference.Aggregation;

/// <summary>The best few of many scores.</summary>
public static class TopScores
{
    /// <summary>Selects the best scores.</summary>
    /// <param name="scores">One for each class. A score that is not a number never wins and is never returned.</param>
    /// <param name="count">How many are wanted, at least 1.</param>
    /// <returns>Best first, equal ones in class order; fewer than wanted if there are fewer.</returns>
    public static ScoredClass[] Select(ReadOnlySpan<float> scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var best = new ScoredClass[Math.Min(count, scores.Length)];
        int found = 0;
        for (int index = 0; index < scores.Length; index++)
        {
            float score = scores[index];
            if (float.IsNaN(score) || (found == best.Length && score <= best[^1].Score))
            {
                continue;
            }

            // Insertion from the end; the classes come in order, so only a strictly better score passes an earlier one.
            int place = found < best.Length ? found++ : found - 1;
            for (; place > 0 && score > best[place - 1].Score; place--)
            {
                best[place] = best[place - 1];
            }

            best[place] = new ScoredClass(index, score);
        }

        return found == best.Length ? best : best[..found];
    }
}
