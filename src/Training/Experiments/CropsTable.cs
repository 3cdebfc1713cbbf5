using System.Globalization;
using System.Text;
using Saccade.Inference.Bundles;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Experiments;

/// <summary>GoogLeNet's Table 3: how much better an image is named by more crops and by more models.</summary>
/// <param name="Images">Held-out images that were measured, the first ones.</param>
/// <param name="Cells">By models and crops.</param>
public sealed record CropsTable(int Images, IReadOnlyList<CropsCell> Cells)
{
    /// <summary>Averages probabilities over crops, which is done already, and over models.</summary>
    /// <param name="labels">True classes of the images.</param>
    /// <param name="classes">Columns of a table of probabilities.</param>
    /// <param name="models">Of each model, by plan, the mean probabilities over the crops, [images, classes].</param>
    public static CropsTable Of(IReadOnlyList<int> labels, int classes, IReadOnlyList<IReadOnlyDictionary<CropMode, float[]>> models)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(models);
        List<CropsCell> cells = [];
        foreach (var mode in models[0].Keys)
        {
            cells.Add(new(1, mode.Crops, Spread.Of([.. models.Select(model => Top1(labels, classes, model[mode]))])));
            if (models.Count < 2)
                continue;
            var mean = new float[labels.Count * classes];
            foreach (var model in models)
            {
                for (var i = 0; i < mean.Length; i++)
                    mean[i] += model[mode][i] / models.Count;
            }

            cells.Add(new(models.Count, mode.Crops, Spread.Of([Top1(labels, classes, mean)])));
        }

        return new(labels.Count, [.. cells.OrderBy(cell => cell.Models).ThenBy(cell => cell.Crops)]);
    }

    /// <summary>Adds the table as Markdown.</summary>
    internal void AppendTo(StringBuilder text)
    {
        var first = Cells[0].Top1.Mean;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nThe first {Images:N0} held-out images, mean of the softmax over crops and then over models:\n\n"
        );
        text.Append("| models | crops | cost | top-1 error | over one crop of one model |\n|---|---|---|---|---|\n");
        foreach (var cell in Cells)
        {
            var error = cell.Top1 with { Mean = 1 - cell.Top1.Mean };
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {cell.Models} | {cell.Crops} | {cell.Models * cell.Crops} | {ExperimentReport.Percent(error)} | "
                    + $"{(first - cell.Top1.Mean) * 100:+0.00;−0.00;0.00} |\n"
            );
        }
    }

    private static double Top1(IReadOnlyList<int> labels, int classes, float[] probabilities)
    {
        Scores scores = new(classes);
        for (var image = 0; image < labels.Count; image++)
            scores.Add(probabilities.AsSpan(image * classes, classes), labels[image]);
        return scores.Top1;
    }
}

/// <summary>A row of the table.</summary>
/// <param name="Models">How many are averaged.</param>
/// <param name="Crops">Of each image, by each model.</param>
/// <param name="Top1">Share of images named rightly; of one model, over all models.</param>
public sealed record CropsCell(int Models, int Crops, Spread Top1);
