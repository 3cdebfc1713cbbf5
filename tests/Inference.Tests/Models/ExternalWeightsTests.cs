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

    [Fact]
    public async Task Load_WeightsBesideTheNetwork_AreWrittenOverWhileServed_AnswersStayTheSame()
    {
        _models.External("large", weight: 20);
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        var before = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red));

        // In place, as cp does: the file stays, its content goes.
        await using (var file = File.OpenWrite(Path.Combine(_models.Path, "large", "1", "model.onnx.data")))
            await file.WriteAsync(BitConverter.GetBytes(0.5f));

        var after = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red));
        Assert.Equal(before.Predictions[0].Probability, after.Predictions[0].Probability);
    }

    [Fact]
    public async Task Load_WeightsBesideTheNetwork_KeepsNoFileOpenByName()
    {
        _models.External("large", weight: 20).Write("large", "1", "notes.bin", "Named nowhere in the graph.");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        var mapped = await File.ReadAllLinesAsync("/proc/self/maps");

        Assert.DoesNotContain(mapped, line => line.Contains(_models.Path, StringComparison.Ordinal));
        var copies = mapped.Where(line => line.Contains("saccade-weights-", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(copies);
        Assert.All(copies, line => Assert.EndsWith("model.onnx.data (deleted)", line, StringComparison.Ordinal));
    }
}
