using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Weights;

namespace Saccade.Training.Import;

/// <summary>
/// Maps the tensors of a torch state dictionary onto a network by name. The networks carry the names of the implementation whose weights
/// are published (torchvision's, for Xception timm's, for BN-Inception Cadene's), so little is left to translate.
/// </summary>
internal static class StateDictionaryImport
{
    private const string BatchCount = ".num_batches_tracked";

    /// <summary>What implementations call the classifier.</summary>
    private static readonly string[] Classifiers = ["fc", "last_linear", "classifier", "head", "logits"];

    /// <summary>Brings a file's tensors to a network.</summary>
    /// <param name="file">Open while this runs.</param>
    /// <param name="architecture">Preset.</param>
    /// <param name="classes">Outputs; null takes as many as the file's classifier has.</param>
    /// <param name="input">Rows and columns of the input; null takes the published size.</param>
    /// <exception cref="InvalidDataException">Names or shapes do not fit; the message has all of them.</exception>
    /// <exception cref="NetworkException">There is no such network.</exception>
    public static ImportedWeights Import(WeightsFile file, string architecture, int? classes, int? input)
    {
        var published = PublishedNetworks.ForTorch(architecture, new NetworkOptions().Classes, input, aux: true);
        var notes = new List<string>();
        var tensors = Named(file, published, notes);
        var kernel = published.Logits.Weights[0].Name;
        var found = tensors.GetValueOrDefault(kernel)?.Shape is [>= 2 and <= int.MaxValue and var rows, ..] ? (int)rows : published.Classes;
        var network = PublishedNetworks.ForTorch(architecture, classes ?? found, input, aux: false);

        var wanted = network.Weights.Where(weight => weight.Role != WeightRole.BatchCount).ToArray();
        var known = published.Weights.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        Check(network, wanted, known, tensors);

        var idle = tensors.Count - wanted.Length;
        if (idle > 0)
            notes.Add($"{idle} tensors of auxiliary classifiers left out: they are used in training only");
        var weights = wanted.ToDictionary(
            weight => weight.Name,
            weight => ImportedWeights.Read(tensors[weight.Name]),
            StringComparer.Ordinal
        );
        return new ImportedWeights(network, weights, notes);
    }

    private static void Check(Network network, WeightSpec[] wanted, HashSet<string> known, Dictionary<string, StoredTensor> tensors)
    {
        var misfit = new Misfit();
        foreach (var weight in wanted)
        {
            if (!tensors.TryGetValue(weight.Name, out var tensor))
                misfit.Missing(weight.Name, weight.Shape);
            else if (!Fits(weight, tensor.Shape))
                misfit.OtherShape(tensor, weight.Shape);
        }

        foreach (var (name, tensor) in tensors)
        {
            if (!known.Contains(name))
                misfit.Unknown(tensor);
        }

        misfit.Throw(network.Name, wanted.Select(weight => weight.Name), tensors.Keys);
    }

    /// <summary>Old files keep 1×1 kernels as matrices, and vectors of batch normalisation as rows.</summary>
    private static bool Fits(WeightSpec weight, IReadOnlyList<long> shape) =>
        shape.SequenceEqual(weight.Shape)
        || (weight.Role == WeightRole.Kernel && weight.Shape is [.., 1, 1] && shape.SequenceEqual(weight.Shape.SkipLast(2)))
        || (weight.Shape.Count == 1 && shape is [1, var length] && length == weight.Shape[0]);

    /// <summary>The tensors under the network's names; names that mean nothing to it stay.</summary>
    private static Dictionary<string, StoredTensor> Named(WeightsFile file, Network network, List<string> notes)
    {
        var tensors = file.Tensors.Where(tensor => !tensor.Name.EndsWith(BatchCount, StringComparison.Ordinal)).ToList();
        if (tensors.Count == 0)
            throw new InvalidDataException("the file holds no weights");

        var stages = network.Nodes.Select(node => node.Name.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var prefix = SharedPrefix(tensors, stages);
        if (prefix.Length > 0)
            notes.Add($"the prefix '{prefix}' was taken off every name");

        var named = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            var name = tensor.Name[prefix.Length..];
            if (!named.TryAdd(WithClassifier(name, network.Logits.Name), tensor))
                throw new InvalidDataException($"tensor '{tensor.Name}' and another both mean the classifier");
        }

        return named;
    }

    /// <summary>What wrappers such as <c>DataParallel</c> put before every name: first parts that all names share and no layer
    /// has.</summary>
    private static string SharedPrefix(List<StoredTensor> tensors, HashSet<string> stages)
    {
        var prefix = "";
        while (tensors[0].Name.IndexOf('.', prefix.Length) is var dot and >= 0)
        {
            var longer = tensors[0].Name[..(dot + 1)];
            if (
                stages.Contains(longer[prefix.Length..^1])
                || !tensors.TrueForAll(tensor => tensor.Name.StartsWith(longer, StringComparison.Ordinal))
            )
                break;
            prefix = longer;
        }

        return prefix;
    }

    private static string WithClassifier(string name, string own) =>
        name.Split('.') is [var first, "weight" or "bias"] && Classifiers.Contains(first) ? $"{own}{name[first.Length..]}" : name;
}
