using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Saccade.Inference.Bundles;

/// <summary>
/// <c>config.pbtxt</c> of a model in a repository of NVIDIA's Triton: what of it this service has a counterpart for, and what it does
/// without (docs/model-bundle.md).
/// </summary>
internal sealed class TritonConfig
{
    /// <summary>File name, in the folder of the model.</summary>
    public const string FileName = "config.pbtxt";

    private const int MostInstances = 256;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly List<string> _ignored = [];
    private readonly List<TextMessage> _inputs = [];
    private readonly List<TextMessage> _outputs = [];
    private int _cpuInstances;
    private int _gpuInstances;
    private int? _maxBatchSize;

    private TritonConfig() { }

    /// <summary>Fields of a manifest that it gives.</summary>
    public JsonObject Fields { get; } = [];

    /// <summary>Name of a file of labels in the model's folder; null if it names none.</summary>
    public string? LabelFile { get; private set; }

    /// <summary>File name of the network in a version's folder.</summary>
    public string ModelFile { get; private set; } = BundleFiles.ModelFile;

    /// <summary>Most crops in one run, at least 1; null if nothing is said.</summary>
    public int? MaxBatchSize => _maxBatchSize is { } size ? Math.Max(1, size) : null;

    /// <summary>How long a crop may wait for company, at most 1 s; null if nothing is said.</summary>
    public TimeSpan? MaxQueueDelay { get; private set; }

    /// <summary>Runs at once on the CPU; 0 leaves that to the service.</summary>
    public int CpuInstances => Math.Min(_cpuInstances, MostInstances);

    /// <summary>Runs at once on a GPU; 0 leaves that to the service.</summary>
    public int GpuInstances => Math.Min(_gpuInstances, MostInstances);

    /// <summary>Whether it must not run on a GPU.</summary>
    public bool CpuOnly { get; private set; }

    /// <summary>Which versions are served.</summary>
    public VersionPolicy Versions { get; private set; } = VersionPolicy.Default;

    /// <summary>Fields that have no counterpart here, such as <c>optimization</c> or <c>instance_group.gpus</c>.</summary>
    public IReadOnlyList<string> Ignored => [.. _ignored.Distinct(StringComparer.Ordinal)];

    /// <summary>Reads the file of a model.</summary>
    /// <param name="modelFolder">The folder that holds the versions' folders.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InvalidDataException">It cannot be read, or asks for what cannot be done here; the message says what.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TritonConfig? ReadFrom(string modelFolder)
    {
        if (BundleFiles.Find(modelFolder, FileName) is not { } path)
            return null;
        var config = Parse(Encoding.UTF8.GetString(BundleFiles.ReadJson(path)), Path.GetFileName(modelFolder));
        if (config.LabelFile is { } labels && BundleFiles.Find(modelFolder, labels) is null)
            throw Problem($"output names the label file '{labels}', which is not there");
        return config;
    }

    /// <summary>The same for who leaves it to the loading of a version to say what is wrong with the file.</summary>
    /// <returns>Null if there is none, or none that can be read.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TritonConfig? TryReadFrom(string modelFolder)
    {
        try
        {
            return ReadFrom(modelFolder);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Reads the file's content.</summary>
    /// <param name="text">In the text format of protocol buffers.</param>
    /// <param name="model">Name of the model, which the file must not contradict.</param>
    /// <exception cref="InvalidDataException">See <see cref="ReadFrom"/>.</exception>
    public static TritonConfig Parse(string text, string model)
    {
        var config = new TritonConfig();
        TextMessage message;
        try
        {
            message = TextFormat.Read(text);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{FileName}, {error.Message}", error);
        }

        foreach (var field in message.Fields)
            config.Take(field, model);
        config.TakeInput();
        config.TakeOutput();
        return config;
    }

    private void Take(TextField field, string model)
    {
        switch (field.Name)
        {
            case "name":
                var name = Text(field);
                Require(name.Length == 0 || name == model, $"name is '{name}', the model's folder '{model}'");
                break;
            case "platform":
                Require(Text(field) is "" or "onnxruntime_onnx", $"platform is '{Text(field)}'; onnxruntime_onnx is served");
                break;
            case "backend":
                Require(Text(field) is "" or "onnxruntime", $"backend is '{Text(field)}'; onnxruntime is served");
                break;
            case "max_batch_size":
                _maxBatchSize = (int)Number(field, 0, int.MaxValue);
                break;
            case "input":
                _inputs.Add(Message(field));
                break;
            case "output":
                _outputs.Add(Message(field));
                break;
            case "version_policy":
                Versions = Policy(Message(field));
                break;
            case "dynamic_batching":
                TakeBatching(Message(field));
                break;
            case "instance_group":
                TakeInstances(Message(field));
                break;
            case "default_model_filename":
                TakeFile(Text(field));
                break;
            case "model_transaction_policy":
                Require(
                    !Message(field).Fields.Any(inner => inner.Name == "decoupled" && Text(inner) is "true" or "True" or "t" or "1"),
                    "model_transaction_policy is decoupled; a request has one answer here"
                );
                break;
            case "ensemble_scheduling" or "sequence_batching":
                throw Problem($"{field.Name} is not supported; see ensemble.json for ensembles");
            default:
                _ignored.Add(field.Name);
                break;
        }
    }

    private void TakeFile(string name)
    {
        if (name.Length == 0)
            return;
        Require(name == Path.GetFileName(name) && name is not ("." or ".."), $"default_model_filename '{name}' is no file name");
        ModelFile = name;
    }

    private void TakeInput()
    {
        if (_inputs.Count == 0)
            return;
        Require(_inputs.Count == 1, $"an image classifier has one input; there are {_inputs.Count}");
        var input = new JsonObject();
        long[] dims = [.. _inputs[0].Fields.Where(field => field.Name == "dims").Select(field => Number(field, -1, int.MaxValue))];
        var layout = "";
        foreach (var field in _inputs[0].Fields)
        {
            switch (field.Name)
            {
                case "name":
                    input["name"] = Text(field);
                    break;
                case "data_type":
                    input["type"] = Text(field) switch
                    {
                        "TYPE_FP32" or "11" => "float32",
                        "TYPE_UINT8" or "2" => "uint8",
                        var other => throw Problem($"input is of {other}; TYPE_FP32 and TYPE_UINT8 are served"),
                    };
                    break;
                case "format":
                    layout = Text(field) switch
                    {
                        "FORMAT_NHWC" or "1" => "NHWC",
                        "FORMAT_NCHW" or "2" => "NCHW",
                        _ => "",
                    };
                    break;
                case "dims":
                    break;
                default:
                    _ignored.Add($"input.{field.Name}");
                    break;
            }
        }

        // Without batching the dimensions have the batch, too.
        if (dims is { Length: 4 })
            dims = dims[1..];
        if (layout.Length == 0)
        {
            layout = dims switch
            {
                [3, _, _] => "NCHW",
                [_, _, 3] => "NHWC",
                _ => "",
            };
        }

        if (layout.Length > 0)
        {
            input["layout"] = layout;
            if (dims is [var first, var second, var third])
            {
                var (height, width) = layout == "NCHW" ? (second, third) : (first, second);
                if (height > 0)
                    input["height"] = height;
                if (width > 0)
                    input["width"] = width;
            }
        }

        Fields["input"] = input;
    }

    private void TakeOutput()
    {
        foreach (var field in _outputs.SelectMany(output => output.Fields))
        {
            if (field.Name is not ("name" or "data_type" or "dims" or "label_filename"))
                _ignored.Add($"output.{field.Name}");
        }

        TextMessage[] labelled = [.. _outputs.Where(output => Find(output, "label_filename") is { Length: > 0 })];
        var classes =
            labelled.Length == 1 ? labelled[0]
            : _outputs.Count == 1 ? _outputs[0]
            : null;
        if (classes is null)
            return;
        if (Find(classes, "name") is { Length: > 0 } name)
            Fields["output"] = name;
        LabelFile = Find(classes, "label_filename") is { Length: > 0 } file ? file : null;
        Require(LabelFile is null || LabelFile == Path.GetFileName(LabelFile), $"label_filename '{LabelFile}' is no file name");
        if (_outputs.Count > 1)
            _ignored.Add("output (all but one)");
    }

    private void TakeBatching(TextMessage batching)
    {
        foreach (var field in batching.Fields)
        {
            // Preferred sizes are measured here.
            if (field.Name != "max_queue_delay_microseconds")
            {
                _ignored.Add($"dynamic_batching.{field.Name}");
                continue;
            }

            var (wanted, most) = (Number(field, 0, long.MaxValue), (long)LongestDelay.TotalMicroseconds);
            MaxQueueDelay = TimeSpan.FromMicroseconds(Math.Min(wanted, most));
            if (wanted > most)
                _ignored.Add($"dynamic_batching.{field.Name} (above one second)");
        }
    }

    private void TakeInstances(TextMessage group)
    {
        var kind = Find(group, "kind") ?? "KIND_AUTO";
        var count = group.Fields.LastOrDefault(field => field.Name == "count") is { } given ? (int)Number(given, 0, int.MaxValue) : 0;
        if (kind is not ("KIND_GPU" or "1"))
            _cpuInstances = Math.Min(MostInstances, _cpuInstances + Math.Min(MostInstances, count));
        if (kind is not ("KIND_CPU" or "2"))
            _gpuInstances = Math.Min(MostInstances, _gpuInstances + Math.Min(MostInstances, count));
        CpuOnly = kind is "KIND_CPU" or "2" && _gpuInstances == 0;
        foreach (var field in group.Fields)
        {
            if (field.Name is not ("kind" or "count" or "name"))
                _ignored.Add($"instance_group.{field.Name}");
        }
    }

    private static VersionPolicy Policy(TextMessage policy)
    {
        if (policy.Fields is not [.., var chosen])
            return VersionPolicy.Default;
        var fields = Message(chosen).Fields;
        return chosen.Name switch
        {
            "all" => new(),
            "latest" => new(
                Latest: fields.LastOrDefault(field => field.Name == "num_versions") is { } count ? (int)Number(count, 1, int.MaxValue) : 1
            ),
            "specific" => new(
                Specific: [.. fields.Where(field => field.Name == "versions").Select(field => Number(field, 1, long.MaxValue))]
            ),
            var other => throw Problem($"version_policy '{other}' is unknown; there are latest, all and specific"),
        };
    }

    private static string? Find(TextMessage message, string name) =>
        message.Fields.LastOrDefault(field => field.Name == name) is { } field ? Text(field) : null;

    private static TextMessage Message(TextField field) => field.Value as TextMessage ?? throw Wrong(field, "a message in braces");

    private static string Text(TextField field) => field.Value is TextScalar scalar ? scalar.Text : throw Wrong(field, "a single value");

    private static long Number(TextField field, long least, long most)
    {
        var text = Text(field);
        var isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isNumber = isHexadecimal
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        return isNumber && number >= least && number <= most
            ? number
            : throw Wrong(field, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    private static InvalidDataException Wrong(TextField field, string wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{FileName}, line {field.Line}: {field.Name} must be {wanted}."));

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw Problem(problem);
    }

    private static InvalidDataException Problem(string problem) => new($"{FileName}: {problem}.");
}
