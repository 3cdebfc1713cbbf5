using System.Text.Json.Nodes;
using Saccade.Inference.Bundles;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Networks whose labels do not exclude each other, and networks of one number.</summary>
public sealed class ActivationTests
{
    [Fact]
    public async Task Classify_Sigmoid_SelectsEachLabelOnItsOwn()
    {
        using var models = Colors("""{"activation":"sigmoid","threshold":0.9}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(255, 255, 0)));
        Assert.Equal([true, true, false], answer.Predictions.Select(one => one.Selected!.Value));
        Assert.True(answer.Predictions.Sum(one => one.Probability) > 2, "two labels hold");
        Assert.Equal(0.5, answer.Predictions[2].Probability, 1e-6);
        var status = Assert.Single(engine.Catalog.List());
        Assert.DoesNotContain(CropMode.Auto, status.CropModes);
    }

    [Fact]
    public async Task Classify_SigmoidOfTenCrops_IsTheMeanOfTheirProbabilities()
    {
        using var models = Colors("""{"activation":"sigmoid"}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(255, 0, 0), CropMode.Crops10));
        Assert.Equal(10, answer.CropsUsed);
        Assert.Equal("red", answer.Predictions[0].Label);
        // A half is not less than the usual threshold.
        Assert.All(answer.Predictions, one => Assert.True(one.Selected));
    }

    [Fact]
    public async Task Classify_SigmoidByAuto_IsRefused()
    {
        using var models = Colors("""{"activation":"sigmoid"}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(TestModels.Image(255, 0, 0), CropMode.Auto));
        Assert.Equal(ClassifyFailure.UnsupportedCrops, refusal.Failure);
        Assert.Contains("auto", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_Softmax_SaysNothingOfSelection()
    {
        using var models = Colors("""{"activation":"softmax"}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(255, 0, 0)));
        Assert.All(answer.Predictions, one => Assert.Null(one.Selected));
    }

    /// <summary>The network gives the sigmoid of a mean of white, about 0.93 with the mean and deviation of ImageNet.</summary>
    [Theory]
    [InlineData("no\nyes", null, new[] { "yes", "no" }, new[] { true, false })]
    [InlineData("no\nyes", 0.99, new[] { "yes", "no" }, new[] { false, true })]
    [InlineData("yes", null, new[] { "yes" }, new[] { true })]
    public async Task Classify_OneNumber_DecidesBetweenTwoLabelsOrForOne(string labels, double? threshold, string[] names, bool[] selected)
    {
        var manifest = new JsonObject { ["activation"] = "none", ["threshold"] = threshold };
        using var models = new TempModels()
            .Graph("one", "one-output")
            .Write("one", "1", "manifest.json", manifest.ToJsonString())
            .Write("one", "1", "labels.txt", labels);
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Null(Assert.Single(engine.Catalog.List()).Error);
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(255, 255, 255)));
        Assert.Equal(names, answer.Predictions.Select(one => one.Label));
        Assert.Equal(selected, answer.Predictions.Select(one => one.Selected!.Value));
        Assert.InRange(answer.Predictions[0].Probability, 0.9, 0.98);
    }

    [Fact]
    public async Task Load_OneNumberWithoutAnActivation_IsRefusedWithWhatToDo()
    {
        using var models = new TempModels().Graph("one", "one-output").Write("one", "1", "labels.txt", "no\nyes");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Contains("\"activation\": \"sigmoid\"", Assert.Single(engine.Catalog.List()).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"threshold":0.5}""", "threshold is for labels")]
    [InlineData("""{"activation":"sigmoid","threshold":1.5}""", "threshold must be 0 to 1")]
    [InlineData("""{"activation":"tanh"}""", "cannot be read")]
    [InlineData("""{"activation":"sigmoid","earlyExit":{"rounds":[{"crops":"1"}]}}""", "earlyExit is for classes")]
    [InlineData("""{"activation":"none"}""", "no probability")]
    [InlineData("""{"activation":"none","threshold":0.5,"temperatureScaling":{"temperature":2}}""", "needs logits")]
    public async Task Load_AManifestThatContradictsItself_IsRefusedWithTheReason(string fields, string reason)
    {
        using var models = Colors(fields);
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Contains(reason, Assert.Single(engine.Catalog.List()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_AnEnsembleOfBothKinds_IsRefused()
    {
        using var models = Colors("""{"activation":"sigmoid"}""");
        models.Colors("plain").Ensemble("both", """{"members":[{"model":"colors"},{"model":"plain"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Contains(
            "do not decide alike",
            engine.Catalog.List().Single(status => status.Name == "both").Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Load_NothingGiven_TheActivationIsFoundAndListed()
    {
        using var models = new TempModels().Graph("ended", "probabilities").Graph("plain", "plain");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var statuses = engine.Catalog.List();
        Assert.Equal([Activation.None, Activation.Softmax], statuses.Select(status => status.Manifest!.Activation!.Value));
        Assert.All(statuses, status => Assert.Contains("activation", status.Assumed));
    }

    private static TempModels Colors(string fields) =>
        new TempModels().Colors(
            "colors",
            manifest: text =>
            {
                var manifest = JsonNode.Parse(text)!.AsObject();
                foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
                    manifest[name] = value?.DeepClone();
                return manifest.ToJsonString();
            }
        );
}
