namespace Saccade.Training.Weights.Torch;

/// <summary>Finds the tensors in what torch.save saved: a state dictionary, or a checkpoint that holds one.</summary>
internal static class StateDictionary
{
    private const int MaxDepth = 4;

    /// <summary>Where training scripts put it, the likeliest first.</summary>
    private static readonly string[] Wrappers =
    [
        "state_dict",
        "model_state_dict",
        "model_state",
        "model",
        "net",
        "network",
        "weights",
        "params",
        "module",
    ];

    /// <summary>The tensors by name.</summary>
    /// <param name="saved">What the file holds.</param>
    /// <param name="state">The dictionary to take; null takes the likeliest.</param>
    /// <returns>The tensors, and where there was a choice, what was taken and what was not.</returns>
    /// <exception cref="InvalidDataException">There are none, or there is no such dictionary.</exception>
    public static (IReadOnlyList<StoredTensor> Tensors, string? State) Tensors(object? saved, string? state)
    {
        string? choice = null;
        for (var depth = 0; depth < MaxDepth && saved is PickleDictionary dictionary; depth++)
        {
            var named = dictionary.Named.ToList();
            var inner = named
                .Where(item => item.Value is PickleDictionary)
                .Select(item => item.Key)
                .Distinct(StringComparer.Ordinal)
                .ToArray();
            var next = state is not null && inner.Contains(state) ? state : Array.Find(Wrappers, inner.Contains);
            if (next is null)
                return state is null
                    ? (Collect(named), choice)
                    : throw new InvalidDataException($"it has no dictionary '{state}' beside its weights");

            var others = inner.Where(name => name != next && IsState(name)).ToArray();
            if (others.Length > 0)
                choice = $"{next} (there {(others.Length == 1 ? "is" : "are")} {string.Join(", ", others)} too)";
            if (next == state)
                state = null;
            saved = named.Last(item => item.Key == next).Value;
        }

        throw new InvalidDataException("it holds no dictionary of tensors; save model.state_dict()");
    }

    /// <summary>Whether a dictionary may be weights, by its name: a known one, or an average such as <c>state_dict_ema</c>.</summary>
    private static bool IsState(string name) =>
        Wrappers.Contains(name)
        || (
            Array.Exists(Wrappers, wrapper => name.StartsWith(wrapper, StringComparison.Ordinal))
            && !name.Contains("optim", StringComparison.Ordinal)
        )
        || name.Contains("ema", StringComparison.Ordinal);

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
