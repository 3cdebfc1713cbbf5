namespace Saccade.Training.Networks.Variants;

/// <summary>A trait with a value.</summary>
/// <param name="Trait">Which.</param>
/// <param name="Value">Of the trait's type.</param>
public readonly record struct TraitValue(Trait Trait, object Value)
{
    /// <summary>The value as the trait reads it.</summary>
    public string Text => Trait.Format(Value);
}
