using Saccade.Inference.Aggregation;
using Saccade.Inference.Bundles;

namespace Saccade.Training.Tuning;

/// <summary>Every model's mean probabilities for every image by every plan: enough to tell what any schedule would have
/// answered.</summary>
internal sealed class ScoreTable
{
    private readonly MemberSummary[][] _images;

    private ScoreTable(MemberSummary[][] images, int[] labels, IReadOnlyList<TableMember> members) =>
        (_images, Labels, Members) = (images, labels, members);

    public int Count => _images.Length;

    public IReadOnlyList<int> Labels { get; }

    public IReadOnlyList<TableMember> Members { get; }

    public int Classes => Members[0].Manifest.Labels.Count;

    /// <summary>One model's scores for one image.</summary>
    public MemberSummary this[int image, int member] => _images[image][member];

    /// <summary>Computes the table with the engine's own softmax and mean.</summary>
    /// <param name="members">The models.</param>
    /// <param name="files">Their logits.</param>
    /// <param name="plans">The plans that were computed.</param>
    /// <param name="images">Which images.</param>
    /// <param name="labels">Their true classes.</param>
    /// <exception cref="InvalidDataException">A network gave something that is not a number.</exception>
    public static ScoreTable Of(
        IReadOnlyList<TableMember> members,
        IReadOnlyList<CropLogitsFile> files,
        IReadOnlyList<CropMode> plans,
        IReadOnlyList<int> images,
        int[] labels
    )
    {
        var table = Array.ConvertAll(labels, _ => new MemberSummary[members.Count]);
        for (var member = 0; member < members.Count; member++)
        {
            var selections = new CropSelections(members[member].Manifest, plans, members[member].Chain);
            for (var row = 0; row < images.Count; row++)
            {
                var crops = files[member].Read(images[row]);
                table[row][member] = Summarise(crops, selections.Of(crops.Width, crops.Height), members[member]);
            }
        }

        return Of(members, table, labels);
    }

    /// <summary>A table of what is known already.</summary>
    internal static ScoreTable Of(IReadOnlyList<TableMember> members, MemberSummary[][] images, int[] labels) =>
        new(images, labels, members);

    /// <summary>The same with other weights of the members.</summary>
    public ScoreTable Weigh(IReadOnlyList<double> weights) =>
        new(_images, [.. Labels], [.. Members.Zip(weights, (member, weight) => member with { Weight = weight })]);

    private static MemberSummary Summarise(ImageLogits crops, CropSelection selection, TableMember member)
    {
        var classes = member.Manifest.Labels.Count;
        return new(selection.Plans.ToDictionary(plan => plan.Key, plan => Summarise(plan.Value)), [.. selection.Chain.Select(Summarise)]);

        CropSummary Summarise(CropSubset subset)
        {
            using var scores = new ScoreAggregator(classes, member.Temperature);
            foreach (var index in subset.Indices)
            {
                if (!scores.TryAdd(crops.Logits.AsSpan(index * classes, classes)))
                    throw new InvalidDataException($"'{member.Name}' gave image {crops.Image} scores that are no numbers.");
            }

            var mean = new float[classes];
            scores.WriteMean(mean, subset.Times);
            return new(mean, [.. Enumerable.Range(0, classes).Select(index => (float)scores.Agreement(index, subset.Times))], subset.Count);
        }
    }
}

/// <summary>A model in a table.</summary>
/// <param name="Name">What it is called in answers.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Weight">How much it counts in the ensemble.</param>
/// <param name="Chain">The plans of its successive rounds in <c>auto</c>.</param>
internal sealed record TableMember(string Name, ModelManifest Manifest, double Weight, IReadOnlyList<CropMode> Chain)
{
    /// <summary>What its logits are divided by.</summary>
    public double Temperature => Manifest.TemperatureScaling?.Temperature ?? 1;

    /// <summary>Multiply-adds of one crop.</summary>
    public long Macs => Manifest.Architecture.Macs;
}

/// <summary>One model's scores for one image.</summary>
/// <param name="Plans">By each plan alone.</param>
/// <param name="Chain">After each round of the chain.</param>
internal sealed record MemberSummary(IReadOnlyDictionary<CropMode, CropSummary> Plans, IReadOnlyList<CropSummary> Chain);

/// <summary>The scores of some crops together.</summary>
/// <param name="Mean">Mean of their softmax.</param>
/// <param name="Agreement">For each class, the share of crops whose best it is.</param>
/// <param name="Count">How many they are.</param>
internal sealed record CropSummary(float[] Mean, float[] Agreement, int Count);
