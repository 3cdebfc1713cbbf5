using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Saccade.Training.Modules;

/// <summary>
/// Executes a <see cref="Network"/>: [N, 3, H, W] floats in, logits out, and while training the auxiliary classifiers' logits too.
/// Parameters and buffers carry the graph's names, so a state dictionary maps onto the graph and onto torchvision's file key by key.
/// </summary>
public sealed class NetworkModule : nn.Module<Tensor, NetworkOutput>
{
    private readonly ExecutionPlan _training;
    private readonly ExecutionPlan _evaluation;
    private readonly ExecutionPlan _backbone;
    private readonly ExecutionPlan _head;
    private HashSet<string> _frozen = [];

    static NetworkModule() => OneDnnCaches.Settle();

    /// <summary>Allocates and initialises the weights from torch's global generator: the same seed gives the same weights.</summary>
    public NetworkModule(Network network)
        : base(network.Name)
    {
        Network = network;
        _training = ExecutionPlan.For(network, network.Nodes);
        _evaluation = ExecutionPlan.For(network, [.. network.Main]);
        Node[] backbone = [.. network.Backbone];
        _backbone = ExecutionPlan.For(network, backbone, network.Features);
        _head = ExecutionPlan.For(network, [network.Features, .. network.Main.Except(backbone)]);
        WeightInitialiser.Register(this, network);
    }

    /// <summary>The graph that is executed.</summary>
    public Network Network { get; }

    /// <summary>Where dropout draws from; seed it before a step to repeat the step.</summary>
    public Generator Randomness { get; private set; } = new();

    /// <summary>Where its tensors are.</summary>
    public Device Device { get; private set; } = CPU;

    /// <summary>Moves its tensors, and what dropout draws from, to a device; before anything else refers to them.</summary>
    public void MoveTo(Device device)
    {
        this.to(device);
        Randomness.Dispose();
        (Device, Randomness) = (device, new Generator(device: device));
    }

    /// <summary>Told what each batch normalisation reads, before it does; null where nobody wants to know.</summary>
    internal Action<Node, Tensor>? Reading { get; set; }

    /// <summary>
    /// Leaves layers as they are, others no longer: frozen weights get no gradient, and frozen batch normalisation goes by its running
    /// statistics and keeps them, in training too.
    /// </summary>
    /// <param name="nodes">All that are frozen from now on, of this network or one built alike.</param>
    public void Freeze(IEnumerable<Node> nodes)
    {
        _frozen = [.. nodes.Select(node => node.Name)];
        foreach (var node in Network.Nodes)
        {
            foreach (var weight in node.Weights.Where(weight => weight.Trainable))
                get_parameter(weight.Name)!.requires_grad = !_frozen.Contains(node.Name);
        }
    }

    /// <summary>Whether a layer behaves as in training.</summary>
    internal bool Trains(Node node) => training && !_frozen.Contains(node.Name);

    /// <summary>What the classifier would read of a batch of images.</summary>
    /// <param name="input">[N, 3, H, W].</param>
    /// <returns>[N, features].</returns>
    public Tensor FeaturesOf(Tensor input) => _backbone.Run(this, input).Logits;

    /// <summary>The classifier alone, with its dropout where the module is training.</summary>
    /// <param name="features">[N, features].</param>
    public NetworkOutput Classify(Tensor features) => _head.Run(this, features);

    /// <inheritdoc/>
    /// <exception cref="NetworkException">The input is not [N, 3, H, W] of the network's size.</exception>
    public override NetworkOutput forward(Tensor input)
    {
        var expected = Network.Input.Output;
        if (
            input.shape is not [_, var channels, var height, var width]
            || channels != expected.Channels
            || height != expected.Height
            || width != expected.Width
        )
            throw new NetworkException($"{Network.Name}: input [{string.Join(", ", input.shape)}] is not a batch of {expected}");

        return (training ? _training : _evaluation).Run(this, input);
    }

    /// <summary>Puts the network into evaluation mode; the mode it was in comes back when the result is disposed.</summary>
    internal IDisposable Evaluating()
    {
        Evaluation evaluation = new(this, training);
        eval();
        return evaluation;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Randomness.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Evaluation(NetworkModule network, bool before) : IDisposable
    {
        public void Dispose() => network.train(before);
    }
}
