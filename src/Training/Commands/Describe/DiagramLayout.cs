namespace Saccade.Training.Commands.Describe;

/// <summary>Where the stages stand: the main line in a column for each part of the network, auxiliary classifiers on the right of
/// theirs.</summary>
internal sealed class DiagramLayout
{
    private const double Margin = 24;
    private const double Title = 34;
    private const double Heading = 26;
    private const double StageGap = 24;
    private const double Gutter = 46;

    private readonly List<DiagramLine> _lines = [];
    private readonly List<(double X, double Y, string Text)> _headings = [];

    public DiagramLayout(IReadOnlyList<DiagramStage> stages, Func<DiagramStage, bool> isMain)
    {
        Stages = stages;
        // The input is there before the first part begins.
        string Part(DiagramStage stage) => stage == stages[0] && stages.Count > 1 ? stages[1].Part : stage.Part;
        var left = Margin;
        var foot = 0.0;
        DiagramStage? before = null;
        foreach (var part in stages.GroupBy(Part, StringComparer.Ordinal))
        {
            DiagramStage[] main = [.. part.Where(isMain)];
            DiagramStage[] side = [.. part.Where(stage => !isMain(stage))];
            var width = main.Max(stage => stage.Width);
            var middle = left + (width / 2);
            if (part.Key.Length > 0)
                _headings.Add((middle, Title + Heading, part.Key));
            PlaceMain(main, middle);
            PlaceSide(side, left + width + StageGap);
            if (before is not null)
                ConnectAround(before, foot, left - (Gutter / 2), main[0]);
            left += width + Gutter + (side.Length > 0 ? StageGap + side.Max(stage => stage.Width) : 0);
            foot = part.Max(stage => stage.Bottom) + (StageGap / 2);
            before = main[^1];
        }

        Width = left - Gutter + Margin;
        Height = stages.Max(stage => stage.Bottom) + StageGap + Margin;
    }

    public IReadOnlyList<DiagramStage> Stages { get; }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The names of the parts, each over the middle of its column.</summary>
    public IReadOnlyList<(double X, double Y, string Text)> Headings => _headings;

    /// <summary>All lines, those inside modules too.</summary>
    public IEnumerable<DiagramLine> Lines => _lines.Concat(Stages.SelectMany(stage => stage.Lines()));

    private void PlaceMain(DiagramStage[] stages, double middle)
    {
        var top = Title + Heading + StageGap;
        DiagramStage? before = null;
        foreach (var stage in stages)
        {
            stage.Place(middle, top);
            top = stage.Bottom + StageGap;
            if (before is not null)
                Connect(stage, (middle, before.Output.Bottom));
            before = stage;
        }
    }

    /// <summary>From the foot of one column to the head of the next, through the gutter between them.</summary>
    private void ConnectAround(DiagramStage from, double foot, double gutter, DiagramStage to)
    {
        var above = to.Top - (StageGap / 2);
        Connect(to, (from.Middle, from.Output.Bottom), (from.Middle, foot), (gutter, foot), (gutter, above), (to.Middle, above));
    }

    private void Connect(DiagramStage stage, params (double X, double Y)[] corners) =>
        _lines.Add(new DiagramLine([.. corners, (stage.Middle, stage.Top)], Arrow: !stage.IsModule));

    /// <summary>An auxiliary classifier stands beside the stages that follow what it reads, below the one before it.</summary>
    private void PlaceSide(DiagramStage[] stages, double left)
    {
        var free = 0.0;
        foreach (var stage in stages)
        {
            var from = stage.Input!;
            var tapped = Stages.First(other => other.Output == from);
            var tap = tapped.Bottom + (StageGap / 2);
            var middle = left + (stage.Width / 2);
            stage.Place(middle, Math.Max(tap + (StageGap / 2), free));
            free = stage.Bottom + StageGap;
            Connect(stage, (from.X, from.Bottom), (from.X, tap), (middle, tap));
        }
    }
}
