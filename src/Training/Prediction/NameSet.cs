namespace Saccade.Training.Prediction;

/// <summary>
/// Which names there are, each as often as it is there, in whatever order: two equal ones are of the same names, but for a chance of 2⁻⁶⁴.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Sum">Of their hashes (<see cref="NameHash"/>), modulo 2⁶⁴.</param>
public readonly record struct NameSet(long Count, ulong Sum)
{
    /// <summary>Sums names up.</summary>
    public static NameSet Of(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        NameSet all = default;
        foreach (var name in names)
            all = all.With(name);
        return all;
    }

    /// <summary>With one name more.</summary>
    public NameSet With(string name) => new(Count + 1, unchecked(Sum + NameHash.Of(name)));

    /// <summary>Both together.</summary>
    public NameSet With(NameSet other) => new(Count + other.Count, unchecked(Sum + other.Sum));
}
