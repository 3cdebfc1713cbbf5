using System.Text.Json;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class VariantTests
{
    public static TheoryData<string> Presets => [.. Architectures.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Variants_OfOnePreset_HaveTheSameTraits(string name)
    {
        var preset = Architectures.All.Single(preset => preset.Name == name);
        var first = preset.Variants[0].Traits.Select(value => value.Trait).ToArray();

        Assert.All(preset.Variants, variant => Assert.Equal(first, variant.Traits.Select(value => value.Trait)));
        Assert.Equal(preset.Variants.Count, preset.Variants.DistinctBy(variant => variant.Name).Count());
    }

    /// <summary>A trait that changes nothing would be a lie on the command line.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void Traits_EachOther_ChangesTheNetwork(string name)
    {
        foreach (var (trait, other) in Architectures.All.Single(preset => preset.Name == name).Variants[0].Traits.Select(Other))
        {
            // Dropout in auxiliary classifiers and how these begin can only be seen where there are any.
            TraitSet aux =
                trait == Traits.AuxPool || trait == Traits.AuxBn || trait == Traits.AuxDropout ? [Traits.AuxClassifiers.Is(true)] : [];
            // Which pool a short stem keeps can only be seen where the image is small.
            int? input = trait == Traits.EarlyPool ? 32 : null;
            // The published counts may be multiples of both.
            var width = trait == Traits.ChannelMultiple ? 0.25 : 1;
            var options = new NetworkOptions
            {
                Traits = aux,
                Input = input,
                Width = width,
            };
            var changed = Layers(options with { Traits = aux.With([other]) });
            var unchanged = Layers(options);

            Assert.False(unchanged.SequenceEqual(changed), $"{name}: {trait} {other.Text} changes nothing");
        }

        (string, Layer, string)[] Layers(NetworkOptions options) =>
            [
                .. Architectures
                    .Create(name, options)
                    .Nodes.Select(node => (node.Name, node.Layer, string.Join(' ', node.Inputs.Select(input => input.Name)))),
            ];

        static (Trait Trait, TraitValue Value) Other(TraitValue value) =>
            (
                value.Trait,
                new[]
                {
                    "true",
                    "false",
                    "0",
                    "2",
                    "3",
                    "4",
                    "5",
                    "16",
                    "96",
                    "128",
                    "0.5",
                    "symmetric",
                    "same",
                    "window",
                    "adaptive",
                    "average",
                    "max",
                    "elu",
                }
                    .Select(value.Trait.Parse)
                    .OfType<TraitValue>()
                    .First(other => other != value)
            );
    }

    [Fact]
    public void Traits_All_AreOfSomeNetworkAndNamedOnce()
    {
        var used = Architectures.All.SelectMany(preset => preset.Variants[0].Traits).Select(value => value.Trait).ToHashSet();

        Assert.All(Traits.All, trait => Assert.Contains(trait, used));
        Assert.Equal(Traits.All.Count, Traits.All.DistinctBy(trait => trait.Name).Count());
    }

    [Fact]
    public void Create_UnknownVariant_NamesTheKnown()
    {
        var error = Assert.Throws<NetworkException>(() => Architectures.Create("xception", new NetworkOptions { Variant = "torchvision" }));

        Assert.Equal("xception: no variant 'torchvision'; known are paper, keras, timm, cifar", error.Message);
    }

    [Fact]
    public void Create_TraitOfAnotherNetwork_NamesItsOwn()
    {
        var error = Assert.Throws<NetworkException>(() =>
            Architectures.Create("googlenet", new NetworkOptions { Traits = [Traits.Residual.Is(false)] })
        );

        Assert.StartsWith(
            "googlenet has no residual; it has aux-classifiers, aux-dropout, aux-pool, channel-multiple, early-pool,",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("bn-scale", "yes")]
    [InlineData("bn-epsilon", "0")]
    [InlineData("bn-epsilon", "NaN")]
    [InlineData("bn-momentum", "1.5")]
    [InlineData("third-branch", "4")]
    [InlineData("padding", "valid")]
    [InlineData("aux-dropout", "1")]
    public void Parse_ValueItCannotHave_IsNone(string name, string text) =>
        Assert.Null(Traits.All.Single(trait => trait.Name == name).Parse(text));

    [Fact]
    public void Json_AnyVariant_ReadsBackEqual() =>
        Assert.All(
            Architectures.All.SelectMany(preset => preset.Variants),
            variant => Assert.Equal(variant.Traits, JsonSerializer.Deserialize<TraitSet>(JsonSerializer.Serialize(variant.Traits)))
        );

    [Theory]
    [InlineData("""{"colour":"red"}""", "no network has a trait 'colour'")]
    [InlineData("""{"pool4":"7"}""", "pool4 can't be '7'")]
    public void Json_NoSuchTrait_SaysSo(string json, string message) =>
        Assert.Equal(message, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TraitSet>(json)).Message);
}
