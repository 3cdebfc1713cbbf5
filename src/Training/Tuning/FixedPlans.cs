using System.Numerics.Tensors;
using Saccade.Inference.Bundles;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Tuning;

/// <summary>Accuracy and cost of fixed numbers of crops, from a table.</summary>
internal static class FixedPlans
{
    /// <summary>The answers of some members together.</summary>
    /// <param name="table">The members' scores.</param>
    /// <param name="crops">The plan.</param>
    /// <param name="members">Indices of the members; all if empty.</param>
    public static Scores Score(ScoreTable table, CropMode crops, params int[] members)
    {
        var scores = new Scores(table.Classes);
        foreach (var image in Enumerable.Range(0, table.Count))
            scores.Add(Mean(table, image, crops, members), table.Labels[image]);
        return scores;
    }

    /// <summary>Whether each image is named rightly by all members together.</summary>
    public static bool[] Right(ScoreTable table, CropMode crops) =>
        [
            .. Enumerable
                .Range(0, table.Count)
                .Select(image => TensorPrimitives.IndexOfMax<float>(Mean(table, image, crops, [])) == table.Labels[image]),
        ];

    /// <summary>Multiply-adds for an image.</summary>
    public static double Macs(ScoreTable table, CropMode crops, params int[] members) =>
        crops.Crops * (double)Chosen(table, members).Sum(member => table.Members[member].Macs);

    private static float[] Mean(ScoreTable table, int image, CropMode crops, int[] members)
    {
        var mean = new float[table.Classes];
        foreach (var member in Chosen(table, members))
            TensorPrimitives.MultiplyAdd(table[image, member].Plans[crops].Mean, (float)table.Members[member].Weight, mean, mean);
        TensorPrimitives.Divide(mean, (float)Chosen(table, members).Sum(member => table.Members[member].Weight), mean);
        return mean;
    }

    private static IEnumerable<int> Chosen(ScoreTable table, int[] members) =>
        members.Length > 0 ? members : Enumerable.Range(0, table.Members.Count);
}
