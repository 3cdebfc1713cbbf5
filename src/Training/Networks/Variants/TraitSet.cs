using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Saccade.Training.Networks.Variants;

/// <summary>Traits with their values, each at most once. Immutable; equal when all values are.</summary>
[JsonConverter(typeof(TraitSetConverter))]
[CollectionBuilder(typeof(TraitSet), nameof(Of))]
public sealed class TraitSet : IReadOnlyCollection<TraitValue>, IEquatable<TraitSet>
{
    private readonly ImmutableSortedDictionary<string, TraitValue> _values;

    private TraitSet(ImmutableSortedDictionary<string, TraitValue> values) => _values = values;

    /// <summary>No traits.</summary>
    public static TraitSet Empty { get; } = new(ImmutableSortedDictionary.Create<string, TraitValue>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <summary>The set of these values; of two for one trait the later counts.</summary>
    public static TraitSet Of(params ReadOnlySpan<TraitValue> values)
    {
        var set = Empty._values;
        foreach (var value in values)
            set = set.SetItem(value.Trait.Name, value);
        return new TraitSet(set);
    }

    /// <summary>Whether a trait has a value.</summary>
    public bool Has(Trait trait) => _values.ContainsKey(trait.Name);

    /// <summary>The value of a trait that has one.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public T Get<T>(Trait<T> trait)
        where T : struct => (T)_values[trait.Name].Value;

    /// <summary>This set with the values of another in place of its own.</summary>
    public TraitSet With(TraitSet others) => new(_values.SetItems(others._values));

    /// <inheritdoc/>
    public IEnumerator<TraitValue> GetEnumerator() => _values.Values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(TraitSet? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TraitSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", this.Select(value => $"{value.Trait.Name} {value.Text}"));
}
