using System.Text;
using System.Text.Json.Nodes;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Other people's networks: labels alone, or some of a manifest's fields.</summary>
public sealed class GivenFieldsTests
{
    private const string Graph = "batch-of-one";

    public static TheoryData<string, string> Labels =>
        new()
        {
            { "labels.txt", "red\ngreen\r\nblue\n\n" },
            { "labels.txt", "\uFEFFred\ngreen\nblue" },
            { "config.json", """{"model_type":"x","id2label":{"0":"red","2":"blue","1":"green"}}""" },
            { "manifest.json", """{"labels":["red","green","blue"]}""" },
        };

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task Load_LabelsAlone_AreServedAndTheRestIsAssumed(string file, string content)
    {
        using var models = new TempModels().Graph("stranger", Graph).Write("stranger", "1", file, content);
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Ready, null), (status.State, status.Error));
        Assert.Equal(["red", "green", "blue"], status.Labels);
        Assert.DoesNotContain("labels", status.Assumed);
        Assert.Contains("preprocessing.mean", status.Assumed);
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 115);
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(20, 20, 220)));
        Assert.Equal("blue", answer.Predictions[0].Label);
    }

    [Fact]
    public async Task Load_SomeFields_WinOverWhatIsAssumed()
    {
        using var models = new TempModels()
            .Graph("stranger", Graph)
            .Write(
                "stranger",
                "1",
                "manifest.json",
                """
                {"preprocessing":{"mean":[0.5,0.5,0.5],"resizeShorterSide":12}, // by hand
                 "architecture":{"name":"resnet-50"},"licence":"MIT"}
                """
            );
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        var manifest = status.Manifest!;
        Assert.Equal((null, "resnet-50", "MIT"), (status.Error, manifest.Architecture.Name, manifest.Licence));
        Assert.Equal(12, manifest.Preprocessing.ResizeShorterSide);
        Assert.Equal([0.5f, 0.5f, 0.5f], manifest.Preprocessing.Mean);
        Assert.Equal([0.229f, 0.224f, 0.225f], manifest.Preprocessing.Std);
        Assert.DoesNotContain("preprocessing.mean", status.Assumed);
        Assert.Contains("preprocessing.std", status.Assumed);
        Assert.Contains("labels", status.Assumed);
    }

    [Theory]
    [InlineData("labels.txt", "red\ngreen", "2")]
    [InlineData("config.json", """{"id2label":{"0":"red","1":"green","3":"blue"}}""", "class 2")]
    [InlineData("config.json", "[]", "no object")]
    [InlineData("manifest.json", """{"sha256":"00"}""", "SHA-256")]
    [InlineData("manifest.json", """{"output":"nothing"}""", "no output 'nothing'")]
    [InlineData("manifest.json", """{"preprocessing":{"std":[0,1,1]}}""", "std must be positive")]
    [InlineData("manifest.json", """{"preprocessing":{"mean":"dark"}}""", "manifest.json cannot be read")]
    public async Task Load_WhatIsGivenDoesNotFit_IsRefusedWithTheReason(string file, string content, string reason)
    {
        using var models = new TempModels().Graph("stranger", Graph).Write("stranger", "1", file, content);
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Contains(reason, Assert.Single(engine.Catalog.List()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ANewVersionWithTheSameLabelsFile_TakesOver()
    {
        using var models = new TempModels();
        foreach (var version in (string[])["1", "2"])
            models.Graph("stranger", Graph, version).Write("stranger", version, "labels.txt", "red\ngreen\nblue");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Equal("2", Assert.Single(engine.Catalog.List(), status => status.IsDefault).Version);
    }

    [Fact]
    public async Task Load_ACompleteManifestButForLabelsInAFileOfTheirOwn_IsServed()
    {
        using var models = new TempModels()
            .Colors(
                "colors",
                manifest: text =>
                {
                    var manifest = JsonNode.Parse(text)!.AsObject();
                    manifest.Remove("labels");
                    return manifest.ToJsonString();
                }
            )
            .Write("colors", "1", "labels.txt", "rouge\nvert\nbleu");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Ready, null, 0), (status.State, status.Error, status.Assumed.Count));
        Assert.Equal(["rouge", "vert", "bleu"], status.Labels);
    }

    /// <summary>As it was before a manifest might be incomplete.</summary>
    [Fact]
    public async Task Load_AFieldGivenTwice_TheLastCounts()
    {
        using var models = new TempModels().Colors("colors", manifest: text => $$"""{"output":"nothing",{{text.TrimStart()[1..]}}""");
        models.Graph("stranger", Graph).Write("stranger", "1", "manifest.json", """{"licence":"A","licence":"B"}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.All(engine.Catalog.List(), status => Assert.Equal((ModelState.Ready, null), (status.State, status.Error)));
        Assert.Equal("B", Assert.Single(engine.Catalog.List(), status => status.Name == "stranger").Manifest!.Licence);
    }

    [Fact]
    public async Task Load_ManifestWithAByteOrderMark_IsServed()
    {
        using var models = new TempModels().Colors("colors", manifest: text => $"\uFEFF{text}");
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), File.ReadAllBytes(Path.Combine(models.Path, "colors", "1", "manifest.json"))[..3]);
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Ready, 0), (status.State, status.Assumed.Count));
    }
}
