using System.CommandLine;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Commands.Options;

/// <summary>What can be chosen about a network on the command line besides its size: whose it is, and every trait by its name.</summary>
internal sealed class NetworkFlags
{
    private readonly Option<string?> _variant = new("--variant")
    {
        Description = $"Whose network, the first if left out: {string.Join("; ", Architectures.All.Select(VariantsOf))}.",
    };

    private readonly Option<TraitValue?>[] _traits = [.. Traits.All.Select(Option)];

    /// <summary>All options, for a command.</summary>
    public IEnumerable<Option> Options => [_variant, .. _traits];

    /// <summary>The options of a network with what was chosen.</summary>
    public NetworkOptions Apply(ParseResult arguments, NetworkOptions options) =>
        options with
        {
            Variant = Variant(arguments) ?? options.Variant,
            Traits = options.Traits.With(Chosen(arguments)),
        };

    /// <summary>The variant, if one was named.</summary>
    public string? Variant(ParseResult arguments) => arguments.GetValue(_variant);

    /// <summary>The traits that were given.</summary>
    public TraitSet Chosen(ParseResult arguments) => TraitSet.Of([.. _traits.Select(arguments.GetValue).OfType<TraitValue>()]);

    /// <summary>Whether something was given that is not as stored.</summary>
    public bool Differ(ParseResult arguments, string? variant, TraitSet? traits) =>
        (Variant(arguments) ?? variant) != variant || Chosen(arguments).Except(traits ?? TraitSet.Empty).Any();

    private static string VariantsOf(Preset preset) =>
        $"{preset.Name} {string.Join(", ", preset.Variants.Select(variant => variant.Name))}";

    private static Option<TraitValue?> Option(Trait trait) =>
        new($"--{trait.Name}")
        {
            Description = $"{char.ToUpperInvariant(trait.Meaning[0])}{trait.Meaning[1..]}: {trait.Values}; the variant's if left out.",
            HelpName = "value",
            CustomParser = result =>
            {
                var value = trait.Parse(result.Tokens[0].Value);
                if (value is null)
                    result.AddError($"--{trait.Name} must be {trait.Values}, not '{result.Tokens[0].Value}'.");
                return value;
            },
        };
}
