using System.Text;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Bundles;

public sealed class EarlyExitPolicyTests
{
    [Fact]
    public void Problems_OfTheDefaults_None()
    {
        Assert.Empty(EarlyExitPolicy.ForModel.Problems(members: null));
        Assert.Empty(EarlyExitPolicy.ForEnsemble(["a", "b"]).Problems(["a", "b"]));
    }

    [Fact]
    public void Problems_EachBadValue_IsNamed()
    {
        Assert.Equal("earlyExit.rounds must be 1 to 16.", Assert.Single(Problems()));
        Assert.Equal("earlyExit.rounds: crops 'auto' is no number of crops.", Assert.Single(Problems(new EarlyExitRound("auto"))));
        Assert.Equal("earlyExit.rounds: confidence must be 0 to 1.", Assert.Single(Problems(new EarlyExitRound("1") { Confidence = 1.5 })));
        Assert.Equal(
            "earlyExit.rounds: confidence must be 0 to 1.",
            Assert.Single(Problems(new EarlyExitRound("1") { Confidence = double.NaN }))
        );
        Assert.Equal(
            "earlyExit.rounds: members must be some of a, b.",
            Assert.Single(Problems(new EarlyExitRound("1") { Members = ["c"] }))
        );
        Assert.Equal("earlyExit.rounds: members must be some of a, b.", Assert.Single(Problems(new EarlyExitRound("1") { Members = [] })));
        var ofModel = new EarlyExitPolicy { Rounds = [new("1") { Members = ["a"] }] };
        Assert.Equal("earlyExit.rounds: a model has no members.", Assert.Single(ofModel.Problems(members: null)));
    }

    [Fact]
    public void Read_ManifestWithRounds_KeepsThem()
    {
        var manifest = Manifests.Small with
        {
            EarlyExit = new EarlyExitPolicy { Rule = ConfidenceRule.Entropy, Rounds = [new("1") { Confidence = 0.8 }, new("12")] },
            TemperatureScaling = new(1.25, "made up", 100, 0.05, 0.01),
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
        var manifest = Manifests.Small with { TemperatureScaling = new(temperature, "made up", 100, 0.05, 0.01) };

        var error = Assert.Throws<InvalidDataException>(() => ManifestJson.Read(ManifestJson.Write(manifest)));

        Assert.Contains("temperatureScaling.temperature", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Problems(params EarlyExitRound[] rounds) =>
        [.. new EarlyExitPolicy { Rounds = rounds }.Problems(["a", "b"])];
}
