using System.Text;
using Saccade.Inference.Looks;
using Saccade.Inference.Models;
using Saccade.Inference.Tests.Models;

namespace Saccade.Inference.Tests.Looks;

public sealed class AutoPolicyTests
{
    [Fact]
    public void Problems_OfTheDefaults_None()
    {
        Assert.Empty(AutoPolicy.OfModel.Problems(members: null));
        Assert.Empty(AutoPolicy.OfEnsemble(["a", "b"]).Problems(["a", "b"]));
    }

    [Fact]
    public void Problems_EachBadValue_IsNamed()
    {
        Assert.Equal("auto.rounds must be 1 to 16.", Assert.Single(Problems()));
        Assert.Equal("auto.rounds: crops 'auto' is no number of crops.", Assert.Single(Problems(new AutoRound("auto"))));
        Assert.Equal("auto.rounds: sure must be 0 to 1.", Assert.Single(Problems(new AutoRound("1") { Sure = 1.5 })));
        Assert.Equal("auto.rounds: sure must be 0 to 1.", Assert.Single(Problems(new AutoRound("1") { Sure = double.NaN })));
        Assert.Equal("auto.rounds: members must be some of a, b.", Assert.Single(Problems(new AutoRound("1") { Members = ["c"] })));
        Assert.Equal("auto.rounds: members must be some of a, b.", Assert.Single(Problems(new AutoRound("1") { Members = [] })));
        var ofModel = new AutoPolicy { Rounds = [new("1") { Members = ["a"] }] };
        Assert.Equal("auto.rounds: a model has no members.", Assert.Single(ofModel.Problems(members: null)));
    }

    [Fact]
    public void Read_ManifestWithRounds_KeepsThem()
    {
        var manifest = Manifests.Small with
        {
            Auto = new AutoPolicy { Rule = StopRule.Entropy, Rounds = [new("1") { Sure = 0.8 }, new("12")] },
            Calibration = new(1.25, "made up", 100, 0.05, 0.01),
        };

        var text = ManifestJson.Write(manifest);

        Assert.Contains("\"rule\": \"entropy\"", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
        Assert.Equivalent(manifest, ManifestJson.Read(text), strict: true);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(100.0)]
    public void Read_ManifestWithATemperatureThatCannotBe_IsRefused(double temperature)
    {
        var manifest = Manifests.Small with { Calibration = new(temperature, "made up", 100, 0.05, 0.01) };

        var error = Assert.Throws<InvalidDataException>(() => ManifestJson.Read(ManifestJson.Write(manifest)));

        Assert.Contains("calibration.temperature", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Problems(params AutoRound[] rounds) => [.. new AutoPolicy { Rounds = rounds }.Problems(["a", "b"])];
}
