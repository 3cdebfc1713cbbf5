using System.CommandLine;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
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
    /// <exception cref="InvalidDataException">One is gone, or has become another.</exception>
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
    /// <param name="data">Its images.</param>
    /// <param name="device">What computes.</param>
    /// <param name="say">Told what was measured, a line each.</param>
    /// <exception cref="CommandException">One expects other images.</exception>
    /// <exception cref="InvalidDataException">One has other classes.</exception>
    public static Teachers? Build(
        IReadOnlyList<TeacherSource> teachers,
        RunRecord record,
        DataSet data,
        torch.Device device,
        Action<string> say
    )
    {
        if (teachers.Count == 0)
            return null;
        if (teachers.FirstOrDefault(teacher => !teacher.Sees(record.Network.InputSize, record.Preprocessing)) is { } other)
            throw new CommandException(
                $"--teacher '{other.Origin.Source}' expects other pixels: its input of {other.InputSize} px or its "
                    + "normalisation is not the run's."
            );
        torch.set_num_threads(record.Threads); // as for all sums of the run
        return new Teachers([
            .. teachers.Select(teacher =>
                teacher.Build(record.Labels, data.Train, record.Threads, device, line => say($"teacher '{teacher.Origin.Source}': {line}"))
            ),
        ]);
    }

    /// <summary>Whether others were named than a run's.</summary>
    public bool Differ(ParseResult arguments, RunRecord record) =>
        arguments.GetValue(_teachers) is { Length: > 0 } given
        && !given.SequenceEqual((record.Teachers ?? []).Select(teacher => teacher.Source), StringComparer.Ordinal);

    private static TeacherSource Open(string path, Action<string> say) =>
        TeacherSource.Open(path, say)
        ?? throw new CommandException($"--teacher '{path}' is neither a run's folder nor a bundle nor an ensemble.");
}
