using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>A model repository as Triton has it, served without a change.</summary>
public sealed class TritonRepositoryTests
{
    private const string Config = """
        name: "colors"
        backend: "onnxruntime"
        max_batch_size: 4
        input [ { name: "input" data_type: TYPE_FP32 format: FORMAT_NCHW dims: [ 3, 8, 8 ] } ]
        output [ { name: "logits" data_type: TYPE_FP32 dims: [ 3 ] label_filename: "colours.txt" } ]
        dynamic_batching { preferred_batch_size: [ 4 ] }
        """;

    [Fact]
    public async Task Load_AModelOfTriton_IsServedWithItsLabelsAndLimits()
    {
        using var models = Repository(Config, "1", "2");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal(("2", ModelState.Ready, null), (status.Version, status.State, status.Error));
        Assert.Equal(["rot", "grün", "blau"], status.Labels);
        Assert.Equal(["dynamic_batching.preferred_batch_size"], status.Ignored);
        Assert.InRange(status.BatchLimits!.Maximum, 1, 4);
        Assert.Contains("preprocessing.mean", status.Assumed);
        Assert.DoesNotContain("input.name", status.Assumed);
        Assert.DoesNotContain("labels", status.Assumed);
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 116);
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(20, 20, 220)));
        Assert.Equal("blau", answer.Predictions[0].Label);
    }

    [Theory]
    [InlineData("version_policy { all {} }", new[] { "1", "2" })]
    [InlineData("version_policy { specific { versions: 1 } }", new[] { "1" })]
    public async Task Load_VersionPolicy_ChoosesWhatIsServed(string policy, string[] expected)
    {
        using var models = Repository(Config + policy, "1", "2");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Equal(expected, engine.Catalog.List().Select(status => status.Version));
        Assert.All(engine.Catalog.List(), status => Assert.Equal(ModelState.Ready, status.State));
    }

    [Theory]
    [InlineData("platform: \"tensorrt_plan\"", "tensorrt_plan")]
    [InlineData("output {", "config.pbtxt, line 1")]
    [InlineData("output { label_filename: \"none.txt\" }", "none.txt")]
    public async Task Load_WhatCannotBeServed_IsBrokenWithTheReason(string config, string reason)
    {
        using var models = Repository(config, "1");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.True(status.IsBroken);
        Assert.Contains(reason, status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_AnotherFileName_IsServed()
    {
        using var models = Repository("default_model_filename: \"net.onnx\"", "1");
        var folder = Path.Combine(models.Path, "colors", "1");
        File.Move(Path.Combine(folder, "model.onnx"), Path.Combine(folder, "net.onnx"));
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Equal((ModelState.Ready, null), Assert.Single(engine.Catalog.List()) is var status ? (status.State, status.Error) : default);
    }

    [Fact]
    public async Task Load_AManifestBesideIt_GoesFirst()
    {
        using var models = Repository(Config, "1")
            .Write("colors", "1", "manifest.json", """{"labels":["r","g","b"],"input":{"height":8}}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((null, "logits"), (status.Error, status.Manifest!.Output));
        Assert.Equal(["r", "g", "b"], status.Labels);
    }

    private static TempModels Repository(string config, params string[] versions)
    {
        var models = new TempModels();
        foreach (var version in versions)
            models.Graph("colors", "plain", version);
        File.WriteAllText(Path.Combine(models.Path, "colors", "config.pbtxt"), config);
        File.WriteAllText(Path.Combine(models.Path, "colors", "colours.txt"), "rot\ngrün\nblau\n");
        return models;
    }
}
