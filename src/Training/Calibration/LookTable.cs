using Saccade.Inference.Aggregation;
using Saccade.Inference.Bundles;

namespace Saccade.Training.Calibration;

/// <summary>What every model said of every picture by every plan: all that is needed to know what any way of looking would have
/// answered.</summary>
internal sealed class LookTable
{
    private readonly MemberSummary[][] _pictures;

    private LookTable(MemberSummary[][] pictures, int[] labels, IReadOnlyList<TableMember> members) =>
        (_pictures, Labels, Members) = (pictures, labels, members);

    /// <summary>Number of pictures.</summary>
    public int Count => _pictures.Length;

    /// <summary>The pictures' true classes.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Who looked.</summary>
    public IReadOnlyList<TableMember> Members { get; }

    /// <summary>Number of classes.</summary>
    public int Classes => Members[0].Manifest.Labels.Count;

    /// <summary>What one model said of one picture.</summary>
    public MemberSummary this[int picture, int member] => _pictures[picture][member];

    /// <summary>Computes the table with the engine's own softmax and mean.</summary>
    /// <param name="members">Who looked.</param>
    /// <param name="files">Their looks.</param>
    /// <param name="plans">The plans that were looked by.</param>
    /// <param name="pictures">Which pictures.</param>
    /// <param name="labels">Their true classes.</param>
    /// <exception cref="InvalidDataException">A network gave something that is not a number.</exception>
    public static LookTable Of(
        IReadOnlyList<TableMember> members,
        IReadOnlyList<LookFile> files,
        IReadOnlyList<CropMode> plans,
        IReadOnlyList<int> pictures,
        int[] labels
    )
    {
        var table = Array.ConvertAll(labels, _ => new MemberSummary[members.Count]);
        for (var member = 0; member < members.Count; member++)
        {
            var shapes = new LookShapes(members[member].Manifest, plans, members[member].Chain);
            for (var row = 0; row < pictures.Count; row++)
            {
                var looks = files[member].Read(pictures[row]);
                table[row][member] = Summarise(looks, shapes.Of(looks.Width, looks.Height), members[member]);
            }
        }

        return Of(members, table, labels);
    }

    /// <summary>A table of what is known already.</summary>
    internal static LookTable Of(IReadOnlyList<TableMember> members, MemberSummary[][] pictures, int[] labels) =>
        new(pictures, labels, members);

    /// <summary>The same with other weights of the members.</summary>
    public LookTable Weigh(IReadOnlyList<double> weights) =>
        new(_pictures, [.. Labels], [.. Members.Zip(weights, (member, weight) => member with { Weight = weight })]);

    private static MemberSummary Summarise(PictureLooks looks, LookShape shape, TableMember member)
    {
        var classes = member.Manifest.Labels.Count;
        return new(shape.Plans.ToDictionary(plan => plan.Key, plan => Summarise(plan.Value)), [.. shape.Chain.Select(Summarise)]);

        LookSummary Summarise(LookView view)
        {
            using var scores = new ScoreAggregator(classes, member.Temperature);
            foreach (var look in view.Looks)
            {
                if (!scores.TryAdd(looks.Logits.AsSpan(look * classes, classes)))
                    throw new InvalidDataException($"'{member.Name}' gave picture {looks.Picture} scores that are no numbers.");
            }

            var mean = new float[classes];
            scores.WriteMean(mean, view.Times);
            return new(mean, [.. Enumerable.Range(0, classes).Select(index => (float)scores.Agreement(index, view.Times))], view.Count);
        }
    }
}

/// <summary>A model that looked.</summary>
/// <param name="Name">What it is called in answers.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Weight">How much it counts in the ensemble.</param>
/// <param name="Chain">Plans in the order in which <c>auto</c> would have it look.</param>
internal sealed record TableMember(string Name, ModelManifest Manifest, double Weight, IReadOnlyList<CropMode> Chain)
{
    /// <summary>What its logits are divided by.</summary>
    public double Temperature => Manifest.TemperatureScaling?.Temperature ?? 1;

    /// <summary>Multiply-adds of one look.</summary>
    public long Macs => Manifest.Architecture.Macs;
}

/// <summary>What one model said of one picture.</summary>
/// <param name="Plans">By each plan alone.</param>
/// <param name="Chain">After each round of the chain.</param>
internal sealed record MemberSummary(IReadOnlyDictionary<CropMode, LookSummary> Plans, IReadOnlyList<LookSummary> Chain);

/// <summary>What some looks say together.</summary>
/// <param name="Mean">Mean of their softmax.</param>
/// <param name="Agreement">For each class, the share of looks whose best it is.</param>
/// <param name="Count">How many they are.</param>
internal sealed record LookSummary(float[] Mean, float[] Agreement, int Count);
