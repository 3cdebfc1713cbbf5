using Saccade.Inference.Bundles;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>The whole engine on a real network: images in, labels out.</summary>
public sealed class ColoursTests : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() =>
        _engine = await EngineHost.StartLoadedAsync(new() { ["Models:Path"] = TestModels.Path, ["Execution:Provider"] = "Cpu" });

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData(200, 10, 10, "red", 0)]
    [InlineData(10, 200, 10, "green", 1)]
    [InlineData(10, 10, 200, "blue", 2)]
    public async Task ClassifyAsync_ImageOfOneColour_NamesTheColour(byte red, byte green, byte blue, string label, int index)
    {
        var answer = Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(TestModels.Image(red, green, blue)));

        Assert.Equal(("colors", "1", 1), (answer.Model, answer.Version, answer.CropsUsed));
        Assert.Equal((label, index), (answer.Predictions[0].Label, answer.Predictions[0].Index));
        Assert.Equal(3, answer.Predictions.Count);
        Assert.Equal(1, answer.Predictions.Sum(prediction => prediction.Probability), 1e-5);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(144)]
    public async Task ClassifyAsync_PlanOfSeveralCrops_LooksThatOften(int crops)
    {
        var answer = Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(TestModels.Image(10, 200, 10), CropMode.Of(crops)));

        Assert.Equal(crops, answer.CropsUsed);
        Assert.Equal("green", answer.Predictions[0].Label);
    }
}
