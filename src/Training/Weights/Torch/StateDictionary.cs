namespace Saccade.Training.Weights.Torch;

/// <summary>Finds the tensors in what torch.save saved: a state dictionary, or a checkpoint that holds one.</summary>
internal static class StateDictionary
{
    private const int MaxDepth = 4;

    /// <summary>Where training scripts put it, the likeliest first.</summary>
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights", "params", "module"];

    /// <summary>The tensors by name.</summary>
    /// <param name="saved">What the file holds.</param>
    /// <exception cref="InvalidDataException">There are none, or one name has two.</exception>
    public static IReadOnlyList<StoredTensor> Tensors(object? saved)
    {
        for (var depth = 0; depth < MaxDepth && saved is PickleDictionary dictionary; depth++)
        {
            var named = dictionary.Named.ToList();
            var inner = Wrappers
                .Select(wrapper => named.LastOrDefault(item => item.Key == wrapper).Value as PickleDictionary)
                .FirstOrDefault(found => found is not null);
            if (inner is null)
                return Collect(named);
            saved = inner;
        }

        throw new InvalidDataException("it holds no dictionary of tensors; save model.state_dict()");
    }

    private static List<StoredTensor> Collect(List<KeyValuePair<string, object?>> named)
    {
        var tensors = new List<StoredTensor>();
        foreach (var (name, value) in named)
        {
            if (value is TorchTensor tensor)
                tensors.Add(new StoredTensor(name, $"{tensor.Type}", tensor.Size, () => tensor.Read(name)));
        }

        return tensors.Count > 0 ? tensors : throw new InvalidDataException("its dictionary holds no tensors");
    }
}
