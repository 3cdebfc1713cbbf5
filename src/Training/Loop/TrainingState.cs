using System.Text.Json;
using Saccade.Training.Checkpoints;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Recipes;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>
/// All that changes while a run goes on: network, optimiser, averages, position. Everything else is a function of the run record
/// and the step, random choices included, so this is also all that a checkpoint holds.
/// </summary>
public sealed class TrainingState : IDisposable
{
    private const string ModelPrefix = "model.";
    private const string AveragePrefix = "average.";
    private const string ProgressKey = "progress";
    private const long InitPurpose = 0x696e_6974;

    private TrainingState(NetworkModule network, IOptimiser optimiser, WeightAverage? average)
    {
        Network = network;
        Optimiser = optimiser;
        Average = average;
    }

    /// <summary>The network as trained.</summary>
    public NetworkModule Network { get; }

    /// <summary>The optimiser with what it remembers.</summary>
    public IOptimiser Optimiser { get; }

    /// <summary>The mean of the iterates, if one is kept.</summary>
    public WeightAverage? Average { get; }

    /// <summary>The position.</summary>
    public Progress Progress { get; private set; } = new();

    /// <summary>All tensors of the network, parameters before buffers.</summary>
    public IEnumerable<(string Name, Tensor Value)> NetworkTensors => TensorsOf(Network);

    /// <summary>Builds the network of a run with weights drawn from its seed, whatever the device.</summary>
    /// <param name="record">The run.</param>
    /// <param name="stepsPerEpoch">Steps that see every image once.</param>
    /// <param name="device">Where it is trained; null means the CPU.</param>
    /// <param name="initialise">Gives the network other weights than random ones, on the CPU, before anything else knows them.</param>
    /// <exception cref="NetworkException">There is no such network.</exception>
    public static TrainingState Create(
        RunRecord record,
        long stepsPerEpoch,
        Device? device = null,
        Action<NetworkModule>? initialise = null
    )
    {
        ArgumentNullException.ThrowIfNull(record);
        NativeHeap.KeepFreed();
        random.manual_seed((long)SplitMix64.Mix(record.Seed, InitPurpose));
        var network = new NetworkModule(RunNetworks.Build(record.Network));
        initialise?.Invoke(network);
        if (device is not null)
            network.MoveTo(device);
        var parameters = network.named_parameters().Select(parameter => (parameter.name, parameter.parameter));
        var rates = Rates(network.Network, record.Recipe);
        IOptimiser optimiser = record.Recipe.Optimiser switch
        {
            OptimiserKind.RmsProp => new TensorFlowRmsProp(parameters, record.Recipe, rates),
            OptimiserKind.AdamW => new AdamW(parameters, record.Recipe, rates),
            _ => new SgdMomentum(parameters, record.Recipe, rates),
        };
        var average =
            record.Recipe.Averaging.Kind == AveragingKind.None
                ? null
                : new WeightAverage(
                    TensorsOf(network).Where(tensor => tensor.Value.dtype == ScalarType.Float32),
                    record.Recipe.Averaging,
                    stepsPerEpoch
                );
        return new TrainingState(network, optimiser, average);
    }

    /// <summary>Writes a checkpoint.</summary>
    public void Save(string path) =>
        TensorFile.Write(
            path,
            Tensors(),
            new Dictionary<string, string>(StringComparer.Ordinal) { [ProgressKey] = JsonSerializer.Serialize(Progress) }
        );

    /// <summary>Continues from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It belongs to another run, or is damaged.</exception>
    public void Load(string path)
    {
        using var file = SafetensorsReader.Open(path);
        using var noGradient = no_grad();
        TensorFile.ReadInto(file, Tensors());
        var progress = file.Metadata.GetValueOrDefault(ProgressKey) ?? throw new InvalidDataException($"'{path}' is no checkpoint.");
        Progress = JsonSerializer.Deserialize<Progress>(progress) ?? throw new InvalidDataException($"'{path}' is no checkpoint.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Average?.Dispose();
        Optimiser.Dispose();
        Network.Dispose();
    }

    /// <summary>What multiplies the learning rate of a parameter, by its name.</summary>
    private static Dictionary<string, double> Rates(Network network, Recipe recipe)
    {
        var backbone = network.Backbone.ToHashSet();
        return network
            .Nodes.SelectMany(node => node.Weights.Where(weight => weight.Trainable).Select(weight => (Node: node, Weight: weight)))
            .ToDictionary(
                pair => pair.Weight.Name,
                pair =>
                    (backbone.Contains(pair.Node) ? recipe.BackboneRate : 1)
                    * (pair.Weight.Role == WeightRole.Shift ? recipe.NormBiasRate : 1),
                StringComparer.Ordinal
            );
    }

    private static IEnumerable<(string Name, Tensor Value)> TensorsOf(NetworkModule network) =>
        network
            .named_parameters()
            .Select(parameter => (parameter.name, (Tensor)parameter.parameter))
            .Concat(network.named_buffers().Select(buffer => (buffer.name, buffer.buffer)));

    private IEnumerable<(string Name, Tensor Value)> Tensors() =>
        [
            .. NetworkTensors.Select(tensor => (ModelPrefix + tensor.Name, tensor.Value)),
            .. Optimiser.State,
            .. (Average?.State ?? []).Select(tensor => (AveragePrefix + tensor.Name, tensor.Value)),
        ];
}
