using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Commands.Describe;

/// <summary>
/// A stage of a network, such as an Inception module: branches side by side in lanes of their own, joined by a bar across all of them.
/// A lane holds nothing but its branch, so a line straight down a lane meets nothing else.
/// </summary>
internal sealed class DiagramStage
{
    public const double BoxWidth = 122;
    public const double BoxHeight = 32;
    public const double LaneStep = BoxWidth + 14;
    public const double RowStep = BoxHeight + 22;
    private const double FramePadding = 10;
    private const double FrameHeader = 20;

    private readonly Dictionary<DiagramBox, double> _lanes = [];
    private readonly Dictionary<DiagramBox, int> _rows = [];

    public DiagramStage(IReadOnlyList<DiagramBox> boxes)
    {
        Boxes = boxes;
        Assign();
    }

    public IReadOnlyList<DiagramBox> Boxes { get; }

    /// <summary>Its name, or the first and the last of those it stands for.</summary>
    public string Name => Times == 1 ? Boxes[0].First.Stage : $"{Boxes[0].First.Stage}–{LastName} ×{Times}";

    public string Part => Boxes[0].First.Part;

    public DiagramBox Output => Boxes[^1];

    /// <summary>Whether branches meet, so that the stage is drawn in a frame.</summary>
    public bool IsModule => Output.IsJoin;

    /// <summary>How many equal ones in a row this one stands for.</summary>
    public int Times { get; private set; } = 1;

    /// <summary>What the stage reads of others, as a figure shows it: the main line comes in from one box.</summary>
    public DiagramBox? Input => Boxes.SelectMany(box => box.Inputs).FirstOrDefault(input => !_rows.ContainsKey(input));

    /// <summary>How far the boxes are from the edge.</summary>
    public double Padding => IsModule ? FramePadding : 0;

    public double Left { get; private set; }

    public double Top { get; private set; }

    public double Width => ((LaneCount - 1) * LaneStep) + BoxWidth + (2 * Padding);

    public double Height => (IsModule ? FrameHeader : 0) + (2 * Padding) + (_rows.Values.Max() * RowStep) + BoxHeight;

    public double Bottom => Top + Height;

    public double Middle => Left + (Width / 2);

    private int LaneCount { get; set; } = 1;

    private string LastName { get; set; } = "";

    private double FirstRow => Top + Padding + (IsModule ? FrameHeader : 0);

    /// <summary>Lets this stage stand for an equal one, too.</summary>
    public void Repeat(DiagramStage next) => (Times, LastName) = (Times + 1, next.Boxes[0].First.Stage);

    /// <summary>Puts the stage in its place.</summary>
    public void Place(double middle, double top)
    {
        Left = middle - (Width / 2);
        Top = top;
        foreach (var box in Boxes)
        {
            box.X = LaneX(_lanes[box]);
            box.Y = FirstRow + (_rows[box] * RowStep);
            if (box.IsJoin)
                box.Width = Width - (2 * Padding);
        }
    }

    /// <summary>The lines of a module; those from outside begin at the middle of its upper edge.</summary>
    public IEnumerable<DiagramLine> Lines()
    {
        foreach (var box in Boxes)
        {
            foreach (var (index, input) in box.Inputs.Index().Where(pair => IsModule || _rows.ContainsKey(pair.Item)))
            {
                var inside = _rows.ContainsKey(input);
                var (x, y) = inside ? (input.X, input.Bottom) : (Middle, Top);
                var turn = inside ? y + 9 : FirstRow - 11;
                var lane =
                    !box.IsJoin ? box.X
                    : inside ? input.X
                    : LaneX(PassingLane(box, index));
                yield return new DiagramLine(lane == x ? [(x, y), (x, box.Y)] : [(x, y), (x, turn), (lane, turn), (lane, box.Y)]);
            }
        }
    }

    private double LaneX(double lane) => Left + Padding + (BoxWidth / 2) + (lane * LaneStep);

    /// <summary>The lanes are the inputs of the join, in its order; what several of them come from stands in their middle.</summary>
    private void Assign()
    {
        foreach (var box in Boxes)
            _rows[box] = box.Inputs.Where(_rows.ContainsKey).Select(input => _rows[input] + 1).DefaultIfEmpty(0).Max();

        if (!IsModule)
        {
            foreach (var box in Boxes)
                _lanes[box] = 0;
            return;
        }

        LaneCount = Output.Inputs.Count;
        foreach (var (index, end) in Output.Inputs.Index().Where(pair => _rows.ContainsKey(pair.Item)))
            _lanes[end] = PassingLane(Output, index);
        _lanes[Output] = (LaneCount - 1) / 2.0;
        foreach (var box in Boxes.Reverse().Where(box => !_lanes.ContainsKey(box)))
            _lanes[box] = Boxes.Where(reader => reader.Inputs.Contains(box)).Average(reader => _lanes[reader]);
    }

    // A shortcut stands on the left, as in the papers, though it is the second thing to be added.
    private static int PassingLane(DiagramBox join, int input) => join.First.Layer is Add ? join.Inputs.Count - 1 - input : input;
}
