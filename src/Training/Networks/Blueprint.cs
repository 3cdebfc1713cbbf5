using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>What the networks share: decisions at hand, channel counts scaled, and the few units that all of them are made of.</summary>
internal abstract class Blueprint
{
    private protected Blueprint(NetworkPlan plan)
    {
        Plan = plan;
        Net = new NetworkBuilder(plan.Name, plan.Pixels) { Plan = plan };
    }

    protected NetworkPlan Plan { get; }

    protected NetworkBuilder Net { get; }

    protected bool HasAux => Plan.Options.Aux && Get(Traits.AuxClassifiers);

    protected BatchNorm BatchNorm => new(Get(Traits.BnEpsilon), Get(Traits.BnMomentum), Get(Traits.BnScale));

    protected T Get<T>(Trait<T> trait)
        where T : struct => Plan.Traits.Get(trait);

    protected int Channels(int published) =>
        Plan.Traits.Has(Traits.ChannelMultiple)
            ? Plan.Options.Channels(published, Get(Traits.ChannelMultiple))
            : Plan.Options.Channels(published);

    /// <summary>From the last grid to the classes.</summary>
    protected Node Classifier(string name, Node x)
    {
        x = Net.Append("avgpool", new GlobalAvgPool(), x);
        for (var layer = 1; Plan.Traits.Has(Traits.HiddenLayers) && layer <= Get(Traits.HiddenLayers); layer++)
            x = Net.Append($"hidden{layer}.relu", new Relu(), Net.Append($"hidden{layer}", new Linear(Channels(4096)), x));
        return Net.Append(name, new Linear(Plan.Options.Classes), Dropout("dropout", x, Plan.Options.Dropout ?? Plan.Variant.Dropout));
    }

    /// <summary>Dropout, or nothing where the share is 0.</summary>
    protected Node Dropout(string name, Node x, double share) => share > 0 ? Net.Append(name, new Dropout(share), x) : x;

    /// <summary>A convolution's window of stride 2 that gives half of the grid, rounded up.</summary>
    protected Window Halving(int kernel, Node x) =>
        Get(Traits.Padding) == Padding.Same
            ? Window.TensorFlowSame(kernel, 2, x.Output)
            : Window.Square(kernel, stride: 2, pad: kernel / 2);

    /// <summary>
    /// A maximum with stride 2 that gives half of the grid, rounded up, placed as TensorFlow's "SAME" does: on an odd grid 3×3 windows hang
    /// over both edges, on an even one only over the last, which is no padding and rounding up.
    /// </summary>
    protected static MaxPool HalvingPool(int kernel, Node x) =>
        kernel % 2 == 1 && x.Output.Height % 2 == 1
            ? new MaxPool(Window.Square(kernel, stride: 2, pad: kernel / 2), RoundUp: false)
            : new MaxPool(Window.Square(kernel, stride: 2), RoundUp: true);
}
