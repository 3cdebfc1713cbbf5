using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Saccade.Training.Checkpoints;

/// <summary>The files of a run. Every one is written aside and renamed, so a reader never sees half of one.</summary>
/// <remarks>
/// Which weights count is fixed before the run, because the held-out part that measures them must not choose them:
/// <c>weights.safetensors</c> always holds the last epoch's averaged weights (the trained ones where averaging is off, or the average is
/// not ripe yet). <c>best.safetensors</c> holds those of the epoch that did best on the held-out part; its figure there is too good.
/// </remarks>
public sealed class RunDirectory
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Names the files under <paramref name="path"/>; touches nothing.</summary>
    public RunDirectory(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What defines the run.</summary>
    public string RecordFile => In("run.json");

    /// <summary>The weights to use: parameters and running statistics by torchvision's names, auxiliary classifiers included.</summary>
    public string WeightsFile => In("weights.safetensors");

    /// <summary>The weights of the epoch that was best on the held-out part.</summary>
    public string BestFile => In("best.safetensors");

    /// <summary>All that a resumed run continues from.</summary>
    public string CheckpointFile => In("checkpoint.safetensors");

    /// <summary>One line an epoch.</summary>
    public string LogFile => In("log.csv");

    /// <summary>Loss and accuracy over the epochs.</summary>
    public string CurveFile => In("curve.svg");

    /// <summary>TensorBoard's events, where they are asked for.</summary>
    public string TensorBoardFolder => In("tensorboard");

    /// <summary>Training loss over learning rate, as <c>--lr-find</c> draws it.</summary>
    public string RateCurveFile => In("lr-find.svg");

    /// <summary>Whether a run was started here.</summary>
    public bool HoldsRun => File.Exists(RecordFile);

    /// <summary>Whether there is something to go on from.</summary>
    public bool HoldsCheckpoint => File.Exists(CheckpointFile);

    /// <summary>Reads <c>run.json</c>.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is not one this code can read.</exception>
    public RunRecord ReadRecord()
    {
        if (!HoldsRun)
            throw new InvalidDataException($"'{Path}' holds no run: it has no run.json.");

        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(RecordFile));
            Rename((json as JsonObject)?["network"], "sideHeads", "aux");
            Rename((json as JsonObject)?["recipe"], "sideHeadWeight", "auxWeight");
            var record = json.Deserialize<RunRecord>(Json);
            return record is { Format: RunRecord.CurrentFormat }
                ? record
                : throw new InvalidDataException($"'{RecordFile}' has format {record?.Format}; {RunRecord.CurrentFormat} was expected.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{RecordFile}' is not a run record: {exception.Message}", exception);
        }
    }

    /// <summary>Writes <c>run.json</c>, and the folder if need be.</summary>
    public void WriteRecord(RunRecord record)
    {
        Directory.CreateDirectory(Path);
        AtomicFile.WriteText(RecordFile, JsonSerializer.Serialize(record, Json) + "\n");
    }

    /// <summary>Reads what runs of version 0.1 call otherwise.</summary>
    private static void Rename(JsonNode? owner, string old, string current)
    {
        if (owner is JsonObject values && values.Remove(old, out var value))
            values[current] = value;
    }

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
