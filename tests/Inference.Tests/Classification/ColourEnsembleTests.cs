using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>Ensembles of real networks: what they answer, and when they are served.</summary>
public sealed class ColourEnsembleTests
{
    private static readonly byte[] Image = TestModels.Image(220, 160, 40);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(144)]
    public async Task ClassifyAsync_Ensemble_IsTheWeightedMeanOfItsMembersAnswers(int crops)
    {
        using var models = Two()
            .Ensemble("both", """{"members":[{"model":"plain","weight":3},{"model":"swapped"}],"combine":"mean-probability"}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var both = await AnswerAsync(engine, "both", crops);
        var plain = await AnswerAsync(engine, "plain", crops);
        var swapped = await AnswerAsync(engine, "swapped", crops);

        Assert.NotEqual(plain.Predictions[0].Label, swapped.Predictions[0].Label);
        Assert.Equal(("both", "1", 2 * crops), (both.Model, both.Version, both.CropsUsed));
        Assert.Equal(["plain", "swapped"], both.Members);
        Assert.Empty(both.Missing);
        Assert.All(
            both.Predictions,
            prediction =>
                Assert.Equal(
                    ((3 * Probability(plain, prediction.Label)) + Probability(swapped, prediction.Label)) / 4,
                    prediction.Probability,
                    1e-5
                )
        );
    }

    [Fact]
    public async Task List_Ensemble_StandsBesideTheModelsWithItsMembers()
    {
        using var models = Two()
            .Ensemble("both", """{"members":[{"model":"plain","weight":3},{"model":"swapped","version":"1"}],"whenMissing":"answer"}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = engine.Catalog.List().Single(model => model.Name == "both");

        Assert.Equal((ModelState.Ready, null, true), (status.State, status.Error, status.IsDefault));
        Assert.Equal(["red", "green", "blue"], status.Labels);
        Assert.Equal([CropMode.Single, CropMode.Crops10, CropMode.Crops12, CropMode.Crops144, CropMode.Auto], status.CropModes);
        Assert.Equal(WhenMissing.Answer, status.Ensemble!.WhenMissing);
        Assert.Equal([new("plain", "1", 3, ModelState.Ready), new("swapped", "1", 1, ModelState.Ready)], status.Ensemble.Members);
        Assert.Contains(
            engine.Logs.Entries,
            entry => entry.Id.Id == 150 && entry.Message.Contains("plain, swapped", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("""{"members":[{"model":"plain"},{"model":"nobody"}]}""", "There is no model 'nobody'.")]
    [InlineData("""{"members":[{"model":"plain","version":"7"}]}""", "There is no model 'plain/7'.")]
    [InlineData("""{"members":[{"model":"broken"}]}""", "Member 'broken' is not served: There is no model.onnx.")]
    [InlineData("""{"members":[{"model":"other"},{"model":"plain"}]}""", "The members do not have the same labels in the same order.")]
    [InlineData("""{"members":[{"model":"both"}]}""", "Member 'both' is the ensemble itself.")]
    [InlineData("""{"members":[{"model":"inner"}]}""", "Member 'inner' is an ensemble; an ensemble is made of models.")]
    [InlineData("""{"members":[]}""", "ensemble.json is not valid: members must be 1 to 32.")]
    public async Task Start_EnsembleThatCannotAnswer_IsListedWithTheReasonAndRefusesRequests(string json, string reason)
    {
        using var models = Two()
            .Ensemble("both", json)
            .Ensemble("inner", """{"members":[{"model":"plain"}]}""")
            .Write("broken", "1", "readme.txt", "nothing")
            .Colors("other", manifest: text => text.Replace("\"green\"", "\"grün\"", StringComparison.Ordinal));
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = engine.Catalog.List().Single(model => model.Name == "both");
        Assert.Equal((ModelState.Failed, reason), (status.State, status.Error));
        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Image, model: "both"));
        Assert.Equal((ClassifyFailure.ModelBroken, $"Model 'both/1' is not served: {reason}"), (refusal.Failure, refusal.Detail));
        Assert.False(engine.Catalog.IsReady);
    }

    [Fact]
    public async Task Start_FolderWithAModelToo_IsRefused()
    {
        using var models = Two().Ensemble("plain", """{"members":[{"model":"swapped"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = engine.Catalog.List().Single(model => model.Name == "plain");

        Assert.Equal(
            (ModelState.Failed, "The folder holds ensemble.json and model.onnx; a version is an ensemble or a model."),
            (status.State, status.Error)
        );
    }

    [Fact]
    public async Task Unload_Member_TheEnsembleSaysSoAndComesBackWithIt()
    {
        using var models = Two().Ensemble("both", """{"members":[{"model":"plain"},{"model":"swapped"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);
        var control = engine.Control;

        await control.UnloadAsync("swapped", version: null).Guarded();
        Assert.Equal((ModelState.Failed, "Member 'swapped' is not served."), Both(engine));

        await control.LoadAsync("swapped", version: null).Guarded();
        Assert.Equal((ModelState.Ready, null), Both(engine));
        Assert.Equal(2, (await AnswerAsync(engine, "both", 1)).Members.Count);
    }

    [Fact]
    public async Task Load_MemberWithOtherLabels_TheEnsembleRefusesUntilTheyAgreeAgain()
    {
        using var models = Two().Ensemble("both", """{"members":[{"model":"plain"},{"model":"swapped"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        models.Colors("swapped", manifest: text => text.Replace("\"green\"", "\"lime\"", StringComparison.Ordinal));
        await engine.Control.LoadAsync("swapped", version: null).Guarded();

        Assert.Equal((ModelState.Failed, "The members do not have the same labels in the same order."), Both(engine));
        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Image, model: "both"));
        Assert.Equal(ClassifyFailure.ModelBroken, refusal.Failure);
    }

    [Fact]
    public async Task Load_EnsembleThatCannotAnswer_KeepsTheOneThatServes()
    {
        using var models = Two().Ensemble("both", """{"members":[{"model":"plain"},{"model":"swapped"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        models.Ensemble("both", """{"members":[{"model":"both"}]}""");
        var result = await engine.Control.LoadAsync("both", version: null).Guarded();

        Assert.Equal((ControlOutcome.Refused, "Member 'both' is the ensemble itself."), (result.Outcome, result.Detail));
        Assert.Equal(2, (await AnswerAsync(engine, "both", 1)).Members.Count);
    }

    [Fact]
    public async Task Unload_Ensemble_IsGoneAndItsMembersStay()
    {
        using var models = Two().Ensemble("both", """{"members":[{"model":"plain"},{"model":"swapped"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        await engine.Control.UnloadAsync("both", version: null).Guarded();

        Assert.Equal(
            ClassifyFailure.UnknownModel,
            Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Image, model: "both")).Failure
        );
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image, model: "plain"));
    }

    [Fact]
    public async Task Start_EnsembleAsDefault_AnswersWhenNobodyIsNamed()
    {
        using var models = Two().Ensemble("both", """{"members":[{"model":"plain"},{"model":"swapped"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(new(models.Settings) { ["Models:Default"] = "both" });

        Assert.True(engine.Catalog.IsReady);
        Assert.Equal("both", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image)).Model);
    }

    [Fact]
    public async Task ClassifyAsync_PlanThatOneMemberLacks_IsRefused()
    {
        using var models = Two()
            .Ensemble("both", """{"members":[{"model":"plain"},{"model":"own"}]}""")
            .Colors(
                "own",
                manifest: text =>
                    text.Replace(
                        "\"scale\": 1",
                        "\"scale\": 1, \"cropPlans\": { \"5\": { \"scales\": [256], \"views\": 5, \"mirror\": false } }",
                        StringComparison.Ordinal
                    )
            );
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Null(engine.Catalog.List().Single(model => model.Name == "own").Error);
        Assert.Contains(CropMode.Of(5), engine.Catalog.CropModes);
        Assert.Equal(5, (await AnswerAsync(engine, "own", 5)).CropsUsed);
        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Image, CropMode.Of(5), "both"));
        Assert.Equal(
            (ClassifyFailure.UnsupportedCrops, "Member 'plain': The model has no plan of 5 crops, or its queue does not hold as many."),
            (refusal.Failure, refusal.Detail)
        );
    }

    /// <summary>"plain" and "swapped", which takes red for blue and blue for red.</summary>
    private static TempModels Two() =>
        new TempModels().Colors("plain").Colors("swapped", manifest: text => text.Replace("\"RGB\"", "\"BGR\"", StringComparison.Ordinal));

    private static async Task<ClassifyAnswer> AnswerAsync(EngineHost engine, string model, int crops) =>
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image, CropMode.Of(crops), model));

    private static double Probability(ClassifyAnswer answer, string label) =>
        answer.Predictions.Single(prediction => prediction.Label == label).Probability;

    private static (ModelState State, string? Error) Both(EngineHost engine)
    {
        var status = engine.Catalog.List().Single(model => model.Name == "both");
        return (status.State, status.Error);
    }
}
