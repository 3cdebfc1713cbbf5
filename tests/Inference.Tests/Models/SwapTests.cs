using System.Diagnostics;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>No request is refused because of a swap, however close it comes.</summary>
public sealed class SwapTests : IDisposable
{
    private const int Swaps = 40;
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);
    private static readonly AsyncLocal<Action?> OnRequest = new();

    private readonly TempModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Swap_BetweenFindingTheModelAndReserving_TheSuccessorAnswers()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Colors("colors").Settings);
        _models.Colors("colors", "1", text => text.Replace("\"red\"", "\"rouge\"", StringComparison.Ordinal));
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == InstrumentNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span =>
            {
                // The request's span begins after its model was found. Other tests have none of this.
                if (span.OperationName == "classify")
                    OnRequest.Value?.Invoke();
            },
        };
        ActivitySource.AddActivityListener(listener);
        OnRequest.Value = () =>
        {
            OnRequest.Value = null;
            Task.Run(async () =>
                {
                    await engine.Control.LoadAsync("colors", "1");
                    await TestTimeouts.UntilAsync(() => engine.Logs.Entries.Any(entry => entry.Id.Id == 122));
                })
                .Guarded()
                .GetAwaiter()
                .GetResult();
        };

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red));
        Assert.Equal("rouge", answer.Predictions[0].Label);
    }

    [Fact]
    public async Task Swap_AgainAndAgainUnderLoad_EveryRequestIsAnswered()
    {
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Colors("colors").Settings) { ["Models:Versions"] = "One" });
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 6).Select(client => Task.Run(() => ClassifyUntilAsync(engine, client, enough.Token))).ToArray();

        for (var swap = 0; swap < Swaps; swap++)
        {
            // Newer versions, older ones, and the same one anew.
            var version = (swap % 3) switch
            {
                0 => "2",
                1 => "1",
                _ => "1",
            };
            if (swap == 0)
                _models.Colors("colors", "2");
            Assert.Equal(ControlOutcome.Done, (await engine.Control.LoadAsync("colors", version).Guarded()).Outcome);
        }

        await enough.CancelAsync();
        var answered = await Task.WhenAll(clients).Guarded();
        Assert.All(answered, count => Assert.True(count > 0));
        await TestTimeouts.UntilAsync(() => engine.Logs.Entries.Count(entry => entry.Id.Id == 122) == Swaps);
        Assert.Single(engine.Catalog.List(), status => status.State == ModelState.Ready);
    }

    private static async Task<int> ClassifyUntilAsync(EngineHost engine, int client, CancellationToken enough)
    {
        var answered = 0;
        do
        {
            var crops = (client + answered) % 5 == 0 ? CropMode.Crops10 : CropMode.Single;
            var outcome = await engine.ClassifyAsync(Red, crops, model: client % 2 == 0 ? "colors" : null, token: CancellationToken.None);
            if (outcome is ClassifyRefusal refusal)
                Assert.Fail($"{refusal.Failure}: {refusal.Detail}");
            answered++;
        } while (!enough.IsCancellationRequested);

        return answered;
    }
}
