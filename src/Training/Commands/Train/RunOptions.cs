using System.CommandLine;
using System.Reflection;
using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
using Saccade.Training.Import;
using Saccade.Training.Networks;
using Saccade.Training.Recipes;
using TorchSharp;

namespace Saccade.Training.Commands.Train;

/// <summary>From the command line to a run record: a new one, or the stored one of a run that goes on.</summary>
internal sealed class RunOptions
{
    // Below this an image is seen whole; above it, as in the papers, an eighth more is resized to than is seen.
    private const int SmallInput = 64;

    private readonly Option<string?> _arch = new("--arch")
    {
        Description = $"Network: {string.Join(", ", Architectures.Names)}. Not needed with --init RUN or BUNDLE.",
    };
    private readonly DataFlags _data = new("Data set: a folder of IDX files, one folder per class, or train/ and val/ of these.");
    private readonly Option<string> _out = new("--out") { Description = "Folder for the run's files.", Required = true };
    private readonly InitOptions _init = new();
    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description =
            $"Recipe to start from: {string.Join(", ", NamedRecipes.All.Keys)}. Left out, {NamedRecipes.FineTune} with --init and "
            + $"{NamedRecipes.SmallData} otherwise.",
    };
    private readonly Option<double?> _width = new("--width") { Description = "Multiplies every channel count; 1 if left out." };
    private readonly Option<int?> _input = new("--input")
    {
        Description = "Rows and columns of the input in pixels; the published size if left out.",
    };
    private readonly Option<Stem?> _stem = EnumNames<Stem>.Option(
        "--stem",
        "How far the image is shrunk before the first blocks; by the input's size if left out"
    );
    private readonly NetworkFlags _flags = new();
    private readonly Option<double?> _dropout = new("--dropout")
    {
        Description = "Probability of the main head's dropout; the recipe's or else the published one if left out.",
    };
    private readonly Option<bool> _noAux = new("--no-aux") { Description = "Train without auxiliary classifiers." };
    private readonly Option<long> _seed = new("--seed") { Description = "Start of every random choice.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compute, of each replica; all cores if left out.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
    private readonly Option<int?> _loaders = new("--loaders")
    {
        Description = "Batches that are decoded and cropped at once; as many as threads that compute if left out. Alters no result.",
    };
    private readonly Option<TrainingDevice> _device = new("--device")
    {
        Description = "What computes: cpu, cuda, or auto for a CUDA device where libtorch finds one. Alters results within rounding.",
        DefaultValueFactory = _ => TrainingDevice.Auto,
    };
    private readonly Option<int> _evaluateEvery = new("--evaluate-every")
    {
        Description = "Epochs from one measurement on the held-out part to the next; the last one is always measured.",
        DefaultValueFactory = _ => 1,
    };
    private readonly ReplicaOptions _replicas = new();
    private readonly TeacherOptions _teachers = new();
    private readonly Option<int?> _limit = new("--limit") { Description = "Take only the first N images of each part, for quick trials." };
    private readonly Option<int?> _perClass = new("--per-class")
    {
        Description = "Train on so many images of each class only, drawn by the seed; the held-out part stays whole.",
    };
    private readonly Option<int?> _shrink = new("--shrink")
    {
        Description = "Shrink the images' shorter sides to this many pixels first, to train with less to be seen.",
    };
    private readonly Option<bool> _findRate = new("--lr-find")
    {
        Description = "Train nothing: try learning rates from small to large for some steps, and draw the loss over them into the folder.",
    };
    private readonly Option<bool> _tensorBoard = new("--tensorboard")
    {
        Description = "Write every epoch's figures as TensorBoard events too, into tensorboard/ in the run's folder.",
    };
    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run in --out, or start it; its settings stay as they were, but --epochs may be more.",
    };
    private readonly RecipeOptions _knobs = new();

    /// <summary>All options, for the command.</summary>
    public IEnumerable<Option> Options =>
        [
            _arch,
            .. _data.Options,
            _out,
            .. _init.Options,
            _recipe,
            _width,
            _input,
            _stem,
            _dropout,
            _noAux,
            _seed,
            _threads,
            _loaders,
            _device,
            _evaluateEvery,
            _limit,
            _perClass,
            _shrink,
            _resume,
            _findRate,
            _tensorBoard,
            .. _replicas.Options,
            _teachers.Option,
            .. _knobs.Options,
            .. _flags.Options,
        ];

    /// <summary>Whether to go on with a run.</summary>
    public bool Resumes(ParseResult arguments) => arguments.GetValue(_resume);

    /// <summary>Whether to look for a learning rate in place of training.</summary>
    public bool FindsRate(ParseResult arguments) => arguments.GetValue(_findRate);

    /// <summary>Whether to write TensorBoard events.</summary>
    public bool WritesTensorBoard(ParseResult arguments) => arguments.GetValue(_tensorBoard);

    /// <summary>How many batches to prepare at once, if it was said.</summary>
    /// <exception cref="CommandException">Fewer than one.</exception>
    public int? Loaders(ParseResult arguments) =>
        arguments.GetValue(_loaders) is < 1 ? throw new CommandException("--loaders must be at least 1.") : arguments.GetValue(_loaders);

    /// <summary>What computes.</summary>
    /// <exception cref="CommandException">It is not there, or does not go with replicas.</exception>
    public torch.Device Device(ParseResult arguments, RunRecord record)
    {
        var wanted = arguments.GetValue(_device);
        if (wanted == TrainingDevice.Cuda && record.Replicas is not null)
            throw new CommandException("--device cuda trains one replica: replicas are threads that share a CPU.");
        if (wanted == TrainingDevice.Cpu || record.Replicas is not null)
            return torch.CPU;
        if (Libtorch.HasCuda)
            return torch.CUDA;
        return wanted == TrainingDevice.Auto
            ? torch.CPU
            : throw new CommandException(
                "--device cuda: libtorch finds no CUDA device. The package TorchSharp-cpu, which this build references, has none; "
                    + "TorchSharp-cuda-linux in its place in Directory.Packages.props and Saccade.Training.csproj has."
            );
    }

    /// <summary>Where the run's files are or will be.</summary>
    public RunDirectory Directory(ParseResult arguments) => new(arguments.GetRequiredValue(_out));

    /// <summary>The record and data of a new run, the network that it starts from, if one was named, and those that it learns
    /// from.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <exception cref="CommandException">An option is missing or does not fit.</exception>
    public (RunRecord Record, DataSet Data, InitialNetwork? Initial, IReadOnlyList<TeacherSource> Teachers) Start(
        ParseResult arguments,
        Action<string> say
    )
    {
        if (arguments.GetValue(_arch) is null && !_init.IsGiven(arguments))
            throw new CommandException("Option '--arch' is required.");
        var location = _data.Require(arguments);
        var name = arguments.GetValue(_recipe) ?? (_init.IsGiven(arguments) ? NamedRecipes.FineTune : NamedRecipes.SmallData);
        if (!NamedRecipes.All.TryGetValue(name, out var recipe))
            throw new CommandException(
                $"Unknown recipe '{name}'; known are {string.Join(", ", NamedRecipes.All.Keys)}."
                    + Suggestion.For(name, NamedRecipes.All.Keys)
            );
        if (
            arguments.GetValue(_threads) < 1
            || arguments.GetValue(_limit) < 1
            || arguments.GetValue(_perClass) < 1
            || arguments.GetValue(_shrink) < 1
            || arguments.GetValue(_evaluateEvery) < 1
        )
            throw new CommandException("--threads, --limit, --per-class, --shrink and --evaluate-every must be at least 1.");

        var seed = arguments.GetValue(_seed);
        var (images, data) = RunData.Begin(
            location,
            arguments.GetValue(_limit),
            arguments.GetValue(_perClass),
            arguments.GetValue(_shrink),
            seed,
            Console.Error.WriteLine
        );
        recipe = _knobs.Apply(arguments, recipe);
        var replicas = _replicas.Of(arguments);
        if (recipe.KeepsFeatures && replicas is not null)
            throw new CommandException("Features are computed once for one network: --replicas needs --cached-features 0.");
        if (recipe.CachedFeatures > 0 && !recipe.KeepsFeatures)
            throw new CommandException(
                "--cached-features needs a backbone that stays frozen, --freeze backbone, and images that are not mixed: "
                    + "no --mixup or --cutmix."
            );

        var teachers = _teachers.Open(arguments, line => say($"teacher: {line}"));
        if (teachers.Count > 0 && recipe.KeepsFeatures)
            throw new CommandException("Teachers are asked about every crop: --teacher needs --cached-features 0.");
        if (teachers.Count == 0 && _knobs.SetTeaching(arguments))
            throw new CommandException("--teacher-weight and --teacher-temperature need a --teacher.");
        var initial = _init.Open(arguments, arguments.GetValue(_arch), arguments.GetValue(_input), say);
        var network = initial is null
            ? Network(arguments, data.Labels.Count, recipe)
            : Network(arguments, initial.Network, data.Labels.Count, recipe);
        return (
            new RunRecord
            {
                Network = network,
                Labels = data.Labels,
                Preprocessing = initial is null
                    ? Preprocessing(network.InputSize, data, teachers is [var first, ..] ? first.Preprocessing : null)
                    : Preprocessing(network.InputSize, initial.Network.InputSize, initial.Preprocessing),
                Init = initial?.Origin,
                Data = images,
                Recipe = recipe,
                Teachers = teachers.Count > 0 ? [.. teachers.Select(teacher => teacher.Origin)] : null,
                Replicas = replicas,
                Seed = seed,
                Threads = arguments.GetValue(_threads),
                EvaluateEvery = arguments.GetValue(_evaluateEvery),
                CommandLine = string.Join(' ', Environment.GetCommandLineArgs().Skip(1)),
                Versions = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["saccade"] = VersionOf(typeof(RunOptions)),
                    ["torchSharp"] = VersionOf(typeof(torch)),
                    ["libtorch"] = Libtorch.Version,
                    ["dotnet"] = Environment.Version.ToString(),
                },
            },
            data,
            initial,
            teachers
        );
    }

    /// <summary>The record and data of the run in <c>--out</c>. More epochs than it had are its record's from now on.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="mayExtend">Whether it may be given more epochs.</param>
    /// <exception cref="CommandException">An option was given that differs from the run's.</exception>
    public (RunRecord Record, DataSet Data) Continue(ParseResult arguments, bool mayExtend = true)
    {
        var record = Directory(arguments).ReadRecord();
        bool Differs<T>(Option<T> option, T stored) =>
            arguments.GetResult(option) is { Implicit: false } && !EqualityComparer<T>.Default.Equals(arguments.GetValue(option), stored);

        var recipe = _knobs.ApplyToRun(arguments, record.Recipe);
        if (mayExtend && recipe.Epochs > record.Recipe.Epochs)
            record = record with { Recipe = record.Recipe with { Epochs = recipe.Epochs } };
        else if (mayExtend && recipe.Epochs < record.Recipe.Epochs)
            throw new CommandException($"The run has {record.Recipe.Epochs} epochs; --resume can give it more, not fewer.");
        if (
            Differs(_arch, record.Network.Architecture)
            || _data.Differ(arguments, record.Data.Location)
            || Differs(_recipe, record.Recipe.Name)
            || Differs(_width, record.Network.Width)
            || Differs<int?>(_input, record.Network.InputSize)
            || Differs(_stem, record.Network.Stem)
            || Differs(_dropout, record.Network.Dropout)
            || Differs(_noAux, !record.Network.Aux)
            || Differs(_seed, record.Seed)
            || Differs(_threads, record.Threads)
            || Differs(_evaluateEvery, record.EvaluateEvery)
            || Differs(_limit, record.Data.Limit)
            || Differs(_perClass, record.Data.PerClass)
            || Differs(_shrink, record.Data.Shrink)
            || _init.Differ(arguments, record.Init)
            || _replicas.Differ(arguments, record.Replicas)
            || _teachers.Differ(arguments, record)
            || _flags.Differ(arguments, record.Network.Variant, record.Network.Traits)
            || recipe != record.Recipe
        )
            throw new CommandException(
                "A resumed run keeps its settings, but an option given differs from run.json; leave it out or start a new run."
            );

        return record.Data.Reopen(record.Labels, record.Seed, Console.Error.WriteLine) is { } data
            ? (record, data)
            : throw new CommandException($"{record.Data.Changed} A resumed run trains on the same images; start a new run with these.");
    }

    // A network that is fed with larger or smaller images than it was trained with sees as much of them.
    private static ManifestPreprocessing Preprocessing(int input, int trained, ManifestPreprocessing preprocessing) =>
        input == trained
            ? preprocessing
            : preprocessing with
            {
                ResizeShorterSide = (int)Math.Round((double)preprocessing.ResizeShorterSide * input / trained),
                MultiCropShorterSide = Wider(input),
                CropPlans = null,
            };

    private static int Wider(int input) => (input * 8 / 7) + (input * 8 % 7 > 3 ? 1 : 0);

    // A teacher must see the pixels that its pupil sees, so these are then what the teacher knows them as.
    private static ManifestPreprocessing Preprocessing(int input, DataSet data, ManifestPreprocessing? taught)
    {
        var (wider, interpolation) = (Wider(input), Interpolation.Bilinear);
        var shorter = input <= SmallInput ? input : wider;
        if (taught is not null)
            return new(shorter, wider, interpolation, taught.ChannelOrder, taught.Scale, taught.Mean, taught.Std);
        var pixels = PixelStatistics.Of(data.Train);
        return new(shorter, wider, interpolation, ChannelOrder.Rgb, Scale: 1, pixels.Mean, pixels.Std);
    }

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private RunNetwork Network(ParseResult arguments, int classes, Recipe recipe)
    {
        var architecture = arguments.GetRequiredValue(_arch)!;
        var published = Architectures.Create(architecture, new NetworkOptions()).Input.Output.Height;
        return Settled(
            new RunNetwork
            {
                Architecture = architecture,
                Classes = classes,
                Width = arguments.GetValue(_width) ?? 1,
                InputSize = arguments.GetValue(_input) ?? published,
                Stem = arguments.GetValue(_stem),
                Variant = _flags.Variant(arguments),
                Traits = _flags.Chosen(arguments),
                Aux = HasAux(arguments, recipe),
                Dropout = arguments.GetValue(_dropout) ?? recipe.Dropout,
            }
        );
    }

    /// <summary>The network that a run starts from, for other classes and maybe for images of another size.</summary>
    private RunNetwork Network(ParseResult arguments, RunNetwork initial, int classes, Recipe recipe)
    {
        if (
            (arguments.GetValue(_arch) ?? initial.Architecture) != initial.Architecture
            || (arguments.GetValue(_width) ?? initial.Width) != initial.Width
            || (arguments.GetValue(_stem) ?? initial.Stem) != initial.Stem
            || _flags.Differ(arguments, initial.Variant, initial.Traits)
        )
            throw new CommandException(
                $"--init is a {initial.Architecture} of width {initial.Width}, and an option given says otherwise: leave it out."
            );
        return Settled(
            initial with
            {
                Classes = classes,
                InputSize = arguments.GetValue(_input) ?? initial.InputSize,
                Aux = HasAux(arguments, recipe),
                Dropout = arguments.GetValue(_dropout) ?? recipe.Dropout ?? initial.Dropout,
            }
        );
    }

    private bool HasAux(ParseResult arguments, Recipe recipe) => !arguments.GetValue(_noAux) && recipe.AuxWeight > 0;

    private static RunNetwork Settled(RunNetwork network)
    {
        var plan = RunNetworks.Build(network).Plan!; // refuses before anything is written
        return network with { Stem = plan.Stem, Variant = plan.Variant.Name, Traits = plan.Traits };
    }
}

/// <summary>What computes a training run.</summary>
internal enum TrainingDevice
{
    /// <summary>A CUDA device where there is one, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device.</summary>
    Cuda,
}
