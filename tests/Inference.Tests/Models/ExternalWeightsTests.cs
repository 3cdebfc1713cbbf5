using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Weights in a file beside the network, as exporters write large ones.</summary>
public sealed class ExternalWeightsTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);

    private readonly TempModels _models = new();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData(20, 0.99, 1)]
    [InlineData(0.5f, 0.5, 0.9)]
    public async Task Load_WeightsBesideTheNetwork_AreUsed(float weight, double least, double most)
    {
        _models.External("large", weight);
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red));

        Assert.InRange(answer.Predictions[0].Probability, least, most);
    }

    [Fact]
    public async Task Load_WeightsAreMissing_IsBroken()
    {
        _models.External("large", weight: 1);
        File.Delete(Path.Combine(_models.Path, "large", "1", "model.onnx.data"));
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.True(status.IsBroken);
        Assert.Contains("cannot load model.onnx", status.Error, StringComparison.Ordinal);
    }
}
