using System.Text;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Bundles;

public sealed class EnsembleJsonTests
{
    [Fact]
    public void Read_LeastThereCanBe_HasTheDefaults()
    {
        var definition = Read("""{"members":[{"model":"a"},{"model":"b","version":"2","weight":0.5}]}""");

        Assert.Equal([new("a"), new("b", "2", 0.5)], definition.Members);
        Assert.Equal((EnsembleCombination.MeanProbability, null, null), (definition.Combine, definition.WhenMissing, definition.EarlyExit));
        Assert.Equal(["a", "b"], definition.MemberNames);
    }

    [Fact]
    public void Read_Written_IsTheSame()
    {
        var definition = new EnsembleDefinition
        {
            Members = [new("a"), new("b", "2", 0.5)],
            WhenMissing = WhenMissing.Answer,
            EarlyExit = new() { Rounds = [new("1") { Members = ["a"], Confidence = 0.9 }, new("12")] },
            Accuracy = new("made up", 10, new Dictionary<string, double> { ["1"] = 0.5 }),
        };

        var text = EnsembleJson.Write(definition);

        Assert.Contains("\"combine\": \"mean-probability\"", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
        Assert.Equivalent(definition, EnsembleJson.Read(text), strict: true);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("20240101120000")]
    public void Read_VersionAsANumber_IsTaken(string version) =>
        Assert.Equal(version, Read($$"""{"members":[{"model":"a","version":{{version}}}]}""").Members[0].Version);

    [Fact]
    public void MemberNames_TwoVersionsOfOneModel_AreToldApart() =>
        Assert.Equal(
            ["a/1", "a/2", "b"],
            Read("""{"members":[{"model":"a","version":"1"},{"model":"a","version":"2"},{"model":"b"}]}""").MemberNames
        );

    [Theory]
    [InlineData("""{"members":[]}""", "members must be 1 to 32")]
    [InlineData("""{"members":[{"model":""}]}""", "model must not be empty")]
    [InlineData("""{"members":[{"model":"a","weight":0}]}""", "weight must be positive")]
    [InlineData("""{"members":[{"model":"a","weight":-1}]}""", "weight must be positive")]
    [InlineData("""{"members":[{"model":"a","version":"x"}]}""", "version must be a whole number")]
    [InlineData("""{"members":[{"model":"a"},{"model":"a"}]}""", "'a' is there twice")]
    [InlineData("""{"members":[{"model":"a"}],"combine":"vote"}""", "cannot be read")]
    [InlineData("""{"members":[{"model":"a","wieght":2}]}""", "wieght")]
    [InlineData("""{"members":[{"weight":2}]}""", "cannot be read")]
    [InlineData("""{}""", "cannot be read")]
    [InlineData("""{"members":[{"model":"a"}],"earlyExit":{"rounds":[{"crops":"1","members":["z"]}]}}""", "earlyExit.rounds")]
    public void Read_OneThingWrong_IsNamed(string json, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static EnsembleDefinition Read(string json) => EnsembleJson.Read(Encoding.UTF8.GetBytes(json));
}
