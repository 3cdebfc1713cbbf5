namespace Saccade.Training.Weights.Torch;

/// <summary>A class or function that a pickle names. Naming is all that is ever done with it.</summary>
/// <param name="Module">Python module.</param>
/// <param name="Name">Name in it.</param>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}

internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <param name="Items">Its items.</param>
internal sealed record PickleTuple(object?[] Items)
{
    /// <inheritdoc/>
    public bool Equals(PickleTuple? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Length;
}

/// <summary>A Python dictionary, ordered or not. Keys are not hashed: what they are is up to a stranger.</summary>
internal sealed class PickleDictionary
{
    /// <summary>Its items in the order in which they were set.</summary>
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>The items whose keys are text.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Named =>
        from item in Items
        where item.Key is string
        select KeyValuePair.Create((string)item.Key!, item.Value);
}
