using System.Globalization;
using System.Text;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// The two ways in which Keras has kept weights in HDF5. Keras 2: a group for each layer, listed in <c>layer_names</c>, with its tensors
/// listed in <c>weight_names</c>. Keras 3: <c>layers/conv2d_3/vars/0</c>, named after the class and the position.
/// </summary>
internal static class Hdf5Weights
{
    private const int MaxDepth = 8;
    private const int MaxVariables = 8;

    /// <summary>Keras 3, and what the first versions of its format called the same.</summary>
    private static readonly string[] Roots = ["layers", "_layer_checkpoint_dependencies"];

    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["conv2d"] = "Conv2D",
        ["separable_conv2d"] = "SeparableConv2D",
        ["batch_normalization"] = "BatchNormalization",
        ["dense"] = "Dense",
    };

    /// <summary>Lists the layers; tensors are read later.</summary>
    /// <param name="file">Open as long as tensors are read.</param>
    /// <param name="description">Layers by the archive's description; null takes the file's own, if it has one.</param>
    /// <exception cref="InvalidDataException">It was not written by Keras.</exception>
    public static KerasModel Read(Hdf5File file, IReadOnlyList<KerasLayer>? description)
    {
        var root = file.HasGroup("model_weights") ? "model_weights" : "";
        if (file.Names(root, "layer_names") is { } layers)
        {
            if (file.Text("", "backend") is "theano")
                throw new InvalidDataException("it was written with Theano, whose kernels are mirrored");
            description ??= file.Text("", "model_config") is { } json ? KerasDescription.Layers(Encoding.UTF8.GetBytes(json)) : null;
            return KerasModel.Of(
                layers.SelectMany(layer => ByLayer(file, root.Length == 0 ? layer : $"{root}/{layer}", layer)),
                description
            );
        }

        var variables =
            Array.Find(Roots, file.HasGroup)
            ?? throw new InvalidDataException("it is HDF5, but has neither Keras's layer_names nor its group 'layers'");
        return KerasModel.Of(
            description is null
                ? Undescribed(file, variables, "", depth: 0)
                : description.SelectMany(layer => Variables(file, Path(layer, variables), layer)),
            description
        );
    }

    private static IEnumerable<(string Layer, string Part, StoredTensor Tensor)> ByLayer(Hdf5File file, string path, string layer)
    {
        var names = file.Names(path, "weight_names") ?? throw new InvalidDataException($"layer '{layer}' has no weight_names");

        // A group of several layers is a model inside the model. One layer's weights may be called after another: groups are unique.
        var isModel = names.Select(name => KerasModel.Split(name).Layer).Distinct(StringComparer.Ordinal).Count() > 1;
        return names
            .Select(name => (KerasModel.Split(name), Tensor: file.Tensor($"{path}/{name}", name)))
            .Select(one => (isModel ? one.Item1.Layer : layer, one.Item1.Part, one.Tensor));
    }

    private static string Path(KerasLayer layer, string root) =>
        root == Roots[0] ? layer.Path : string.Join('/', layer.Path.Split('/').Select(part => part == Roots[0] ? root : part));

    /// <summary>Without a description: layers of a class by number, which is their order; inner models, which are bodies, first.</summary>
    private static IEnumerable<(string Layer, string Part, StoredTensor Tensor)> Undescribed(
        Hdf5File file,
        string root,
        string path,
        int depth
    )
    {
        if (depth > MaxDepth)
            throw new InvalidDataException($"'{path}' lies deeper than {MaxDepth} models in each other");

        var names = file.Children($"{path}{root}");
        foreach (var name in names.Where(name => file.HasGroup($"{path}{root}/{name}/{root}")).Order(StringComparer.Ordinal))
        {
            foreach (var variable in Undescribed(file, root, $"{path}{root}/{name}/", depth + 1))
                yield return variable;
        }

        foreach (
            var name in names
                .Select(Numbered)
                .OrderBy(name => name.Class, StringComparer.Ordinal)
                .ThenBy(name => name.Number)
                .Select(name => name.Name)
        )
        {
            var place = $"{path}{root}/{name}";
            foreach (var variable in Variables(file, place, new KerasLayer(place, Classes.GetValueOrDefault(Numbered(name).Class, name))))
                yield return variable;
        }
    }

    private static (string Class, int Number, string Name) Numbered(string name) =>
        name.LastIndexOf('_') is var at and > 0
        && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (name[..at], number, name)
            : (name, 0, name);

    private static IEnumerable<(string Layer, string Part, StoredTensor Tensor)> Variables(Hdf5File file, string path, KerasLayer layer)
    {
        var count = 0;
        if (file.HasGroup($"{path}/vars"))
            count = file.Children($"{path}/vars").Count;
        return count > MaxVariables
            ? throw new InvalidDataException($"layer '{layer.Name}' has {count} variables")
            : Parts(layer, count).Select((part, index) => (layer.Name, part, file.Tensor($"{path}/vars/{index}", $"{layer.Name}/{part}")));
    }

    /// <summary>What a layer's variables are, in Keras's order.</summary>
    private static IEnumerable<string> Parts(KerasLayer layer, int count)
    {
        string[] parts = layer.Kind switch
        {
            "Conv2D" or "Dense" => ["kernel", "bias"],
            "SeparableConv2D" => ["depthwise_kernel", "pointwise_kernel", "bias"],

            // Inception-v3 has no gamma. A file that lacks beta instead has to say so.
            "BatchNormalization" when layer.Flag("scale", count == 4) => ["gamma", .. Shift(layer), "moving_mean", "moving_variance"],
            "BatchNormalization" => [.. Shift(layer), "moving_mean", "moving_variance"],
            _ => [],
        };
        return count <= parts.Length
            ? parts.Take(count)
            : throw new InvalidDataException($"layer '{layer.Name}' ({layer.Kind}) has {count} variables, not {parts.Length}");
    }

    private static string[] Shift(KerasLayer layer) => layer.Flag("center", otherwise: true) ? ["beta"] : [];
}
