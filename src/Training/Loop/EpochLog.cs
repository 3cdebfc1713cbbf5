using System.Globalization;
using Saccade.Training.Checkpoints;

namespace Saccade.Training.Loop;

/// <summary>The lines of a run as CSV and as a curve.</summary>
public sealed class EpochLog
{
    private const string Header =
        "epoch,learning_rate,loss,top1,top1_averaged,images_per_second,waiting_share,seconds,staleness_mean,staleness_max,"
        + "held_out_loss,weights";
    private const string Averaged = "averaged";
    private const string Trained = "trained";

    // As earlier versions wrote: without staleness, and without what follows it.
    private const int FieldsAtFirst = 8;
    private const int FieldsWithStaleness = 10;

    private readonly RunDirectory _directory;
    private readonly List<EpochResult> _epochs = [];

    private EpochLog(RunDirectory directory) => _directory = directory;

    /// <summary>All epochs so far.</summary>
    public IReadOnlyList<EpochResult> Epochs => _epochs;

    /// <summary>Starts an empty log; the file is written with the first epoch.</summary>
    public static EpochLog Start(RunDirectory directory) => new(directory);

    /// <summary>Takes up the log of an earlier part of the run.</summary>
    /// <param name="directory">Where the log is.</param>
    /// <param name="epochs">How many epochs the checkpoint knows; a line written after it is dropped and will be written again.</param>
    /// <exception cref="InvalidDataException">The log lacks lines or is damaged.</exception>
    public static EpochLog Continue(RunDirectory directory, int epochs)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var log = new EpochLog(directory);
        if (epochs == 0)
            return log;
        var lines = File.Exists(directory.LogFile) ? File.ReadAllLines(directory.LogFile) : [];
        if (lines.Length <= epochs)
            throw new InvalidDataException($"'{directory.LogFile}' has fewer than the checkpoint's {epochs} epochs.");
        log._epochs.AddRange(lines.Skip(1).Take(epochs).Select(line => Parse(line, directory.LogFile)));
        return log;
    }

    /// <summary>Adds a line and rewrites both files.</summary>
    public void Add(EpochResult epoch)
    {
        _epochs.Add(epoch);
        AtomicFile.WriteText(_directory.LogFile, string.Concat(_epochs.Select(Format).Prepend(Header).Select(line => line + "\n")));
        AtomicFile.WriteText(_directory.CurveFile, CurveSvg.Draw(_epochs));
    }

    private static string Format(EpochResult epoch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{epoch.Epoch},{epoch.LearningRate:R},{epoch.Loss:R},{epoch.Top1:R},{epoch.Top1Averaged:R},{epoch.ImagesPerSecond:F1},"
                + $"{epoch.WaitingShare:F4},{epoch.Seconds:F1},{epoch.StalenessMean:F3},{epoch.StalenessMax},"
                + $"{epoch.HeldOutLoss:R},{(epoch.UsesAverage ? Averaged : Trained)}"
        );

    private static EpochResult Parse(string line, string file)
    {
        var fields = line.Split(',');
        if (fields.Length == FieldsAtFirst)
            fields = [.. fields, "", ""];
        if (fields.Length == FieldsWithStaleness)
            fields = [.. fields, "", fields[4].Length > 0 ? Averaged : Trained];
        if (fields.Length != Header.Split(',').Length)
            throw new InvalidDataException($"'{file}' has a damaged line: {line}");
        try
        {
            return new EpochResult(
                int.Parse(fields[0], CultureInfo.InvariantCulture),
                Number(fields[1]),
                Number(fields[2]),
                Optional(fields[3]),
                Optional(fields[4]),
                Number(fields[5]),
                Number(fields[6]),
                Number(fields[7])
            )
            {
                StalenessMean = Optional(fields[8]),
                StalenessMax = (long?)Optional(fields[9]),
                HeldOutLoss = Optional(fields[10]),
                UsesAverage = fields[11] == Averaged,
            };
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"'{file}' has a damaged line: {line}", exception);
        }
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static double? Optional(string field) => field.Length == 0 ? null : Number(field);
}
