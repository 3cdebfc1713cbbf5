using System.CommandLine;
using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Import;
using Saccade.Training.Loop;
using TorchSharp;

namespace Saccade.Training.Commands.Train;

/// <summary>The trained networks that a run learns from beside the labels.</summary>
internal sealed class TeacherOptions
{
    private readonly Option<string[]> _teachers = new("--teacher")
    {
        Description =
            "Learn from a trained network's predictions beside the labels: a run's folder, a bundle or an ensemble, of the same classes, "
            + "input and normalisation. Given several times, their mean.",
        HelpName = "BUNDLE|RUN|ENSEMBLE",
    };

    /// <summary>The option, for the command.</summary>
    public Option Option => _teachers;

    /// <summary>Opens what was named; empty where nothing was.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <exception cref="CommandException">One is neither a run nor a bundle nor an ensemble.</exception>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    public IReadOnlyList<TeacherSource> Open(ParseResult arguments, Action<string> say) =>
        [.. (arguments.GetValue(_teachers) ?? []).Select(path => Open(path, say))];

    /// <summary>Opens again what a run learns from.</summary>
    /// <exception cref="CommandException">One is gone.</exception>
    /// <exception cref="InvalidDataException">One has become another.</exception>
    public static IReadOnlyList<TeacherSource> Reopen(RunRecord record, Action<string> say) =>
        [
            .. (record.Teachers ?? []).Select(origin =>
                Open(origin.Source, say) is var teacher && teacher.Origin.Sha256 == origin.Sha256
                    ? teacher
                    : throw new InvalidDataException($"'{origin.Source}' is not the teacher that the run began with.")
            ),
        ];

    /// <summary>Builds the networks.</summary>
    /// <param name="teachers">What was opened; null comes out where there are none.</param>
    /// <param name="record">The run that learns from them.</param>
    /// <param name="device">What computes.</param>
    /// <exception cref="CommandException">One expects other images.</exception>
    /// <exception cref="InvalidDataException">One has other classes.</exception>
    public static Teachers? Build(IReadOnlyList<TeacherSource> teachers, RunRecord record, torch.Device device)
    {
        if (teachers.Count == 0)
            return null;
        if (
            teachers
                .Select(teacher => teacher.SeeingOtherwise(record.Network.InputSize, record.Preprocessing))
                .FirstOrDefault(other => other is not null) is
            { } other
        )
            throw new CommandException(
                $"--teacher '{other.Origin.Source}' expects other pixels: {Pixels(other.InputSize, other.Preprocessing)}, where "
                    + $"the run has {Pixels(record.Network.InputSize, record.Preprocessing)}."
            );
        torch.set_num_threads(record.Threads); // as for all sums of the run
        return new Teachers([.. teachers.Select(teacher => teacher.Build(record.Labels, record.Threads, device))]);
    }

    /// <summary>Whether others were named than a run's.</summary>
    public bool Differ(ParseResult arguments, RunRecord record) =>
        arguments.GetValue(_teachers) is { Length: > 0 } given
        && !given.SequenceEqual((record.Teachers ?? []).Select(teacher => teacher.Source), StringComparer.Ordinal);

    private static TeacherSource Open(string path, Action<string> say) =>
        TeacherSource.Open(path, say)
        ?? throw new CommandException($"--teacher '{path}' is neither a run's folder nor a bundle nor an ensemble.");

    private static string Pixels(int size, ManifestPreprocessing pixels) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{size} px, {EnumNames<ChannelOrder>.NameOf(pixels.ChannelOrder)}, scale {pixels.Scale}, mean "
                + $"{string.Join(' ', pixels.Mean.Select(Text))}, deviation {string.Join(' ', pixels.Std.Select(Text))}"
        );

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
