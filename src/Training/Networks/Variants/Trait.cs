namespace Saccade.Training.Networks.Variants;

/// <summary>
/// One thing in which implementations of a network differ, or that a paper changed to see what it does. <see cref="Traits"/> holds all of
/// them; which ones a network has, its <see cref="Variant"/>s say.
/// </summary>
public abstract class Trait
{
    private protected Trait(string name, string values, string meaning)
    {
        Name = name;
        Values = values;
        Meaning = meaning;
    }

    /// <summary>Its name in run.json, and after two dashes on the command line.</summary>
    public string Name { get; }

    /// <summary>What it can be, in words.</summary>
    public string Values { get; }

    /// <summary>What it is about, as a phrase.</summary>
    public string Meaning { get; }

    /// <summary>A value from its name, or null where the trait can't have it.</summary>
    public abstract TraitValue? Parse(string text);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal abstract string Format(object value);
}

/// <summary>A trait whose values are of one type.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
public sealed class Trait<T> : Trait
    where T : struct
{
    private readonly Func<string, T?> _parse;
    private readonly Func<T, string> _format;

    internal Trait(string name, string values, string meaning, Func<string, T?> parse, Func<T, string> format)
        : base(name, values, meaning)
    {
        _parse = parse;
        _format = format;
    }

    /// <summary>This trait with a value.</summary>
    public TraitValue Is(T value) => new(this, value);

    /// <inheritdoc/>
    public override TraitValue? Parse(string text) => _parse(text) is { } value ? Is(value) : null;

    internal override string Format(object value) => _format((T)value);
}
