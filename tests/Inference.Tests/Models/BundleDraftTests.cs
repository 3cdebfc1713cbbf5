using System.Text.Json.Nodes;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

public sealed class BundleDraftTests
{
    /// <summary>What is written down is what the service would have assumed, to the last field.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("probabilities")]
    [InlineData("uint8-rows")]
    [InlineData("any-size")]
    public async Task Read_ANetworkAlone_IsWhatTheServiceAssumes(string graph)
    {
        using var models = new TempModels().Graph("stranger", graph);
        var draft = BundleDraft.Read(Path.Combine(models.Path, "stranger", "1", "model.onnx"));
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal(status.Assumed, draft.Assumed);
        var (served, written) = (Json(status.Manifest!), Json(draft.Manifest with { Sha256 = null }));
        Assert.Equal(served.ToJsonString(), written.ToJsonString());
    }

    private static JsonNode Json(ModelManifest manifest) => JsonNode.Parse(ManifestJson.Write(manifest))!;
}
