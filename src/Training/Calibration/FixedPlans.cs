using System.Numerics.Tensors;
using Saccade.Inference.Bundles;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Calibration;

/// <summary>What fixed numbers of crops come to, from a table.</summary>
internal static class FixedPlans
{
    /// <summary>The answers of some members together.</summary>
    /// <param name="table">What everybody said.</param>
    /// <param name="crops">The plan.</param>
    /// <param name="members">Who; all if empty.</param>
    public static Scores Score(LookTable table, CropMode crops, params int[] members)
    {
        var scores = new Scores(table.Classes);
        foreach (var picture in Enumerable.Range(0, table.Count))
            scores.Add(Mean(table, picture, crops, members), table.Labels[picture]);
        return scores;
    }

    /// <summary>Whether each picture is named rightly by all members together.</summary>
    public static bool[] Right(LookTable table, CropMode crops) =>
        [
            .. Enumerable
                .Range(0, table.Count)
                .Select(picture => TensorPrimitives.IndexOfMax<float>(Mean(table, picture, crops, [])) == table.Labels[picture]),
        ];

    /// <summary>Multiply-adds for a picture.</summary>
    public static double Macs(LookTable table, CropMode crops, params int[] members) =>
        crops.Crops * (double)Those(table, members).Sum(member => table.Members[member].Macs);

    private static float[] Mean(LookTable table, int picture, CropMode crops, int[] members)
    {
        var mean = new float[table.Classes];
        foreach (var member in Those(table, members))
            TensorPrimitives.MultiplyAdd(table[picture, member].Plans[crops].Mean, (float)table.Members[member].Weight, mean, mean);
        TensorPrimitives.Divide(mean, (float)Those(table, members).Sum(member => table.Members[member].Weight), mean);
        return mean;
    }

    private static IEnumerable<int> Those(LookTable table, int[] members) =>
        members.Length > 0 ? members : Enumerable.Range(0, table.Members.Count);
}
