using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>What is done before a model serves.</summary>
public sealed class WarmUpTests
{
    [Fact]
    public async Task Load_Model_ClassifiesABrightAndADarkImageBeforeItServes()
    {
        using var models = new TempModels().Colors("colors");
        using var session = new GatedModelSession();
        var images = new List<float>();
        session.Fault = (tensors, count) => images.Add(TensorPrimitives.Sum(MemoryMarshal.Cast<byte, float>(tensors.Input(0))));

        await using var engine = await EngineHost.StartLoadedAsync(
            models.Settings,
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );

        // Blank ones first, by which sessions are warmed up and measured.
        Assert.Equal(2, images.SkipWhile(light => light == 0).Count());
        Assert.True(images[^1] < images[^2]);
    }

    [Fact]
    public async Task Load_ModelAnswersNoImage_IsRefusedWithTheReason()
    {
        using var models = new TempModels().Colors("colors");
        using var session = new GatedModelSession
        {
            Fault = (tensors, count) =>
            {
                if (MemoryMarshal.Cast<byte, float>(tensors.Input(0)).ContainsAnyExcept(0))
                    throw new InvalidOperationException("not this one");
            },
        };

        await using var engine = await EngineHost.StartLoadedAsync(
            models.Settings,
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal(
            (ModelState.Failed, "It answers none of two test images: The model failed on this request."),
            (status.State, status.Error)
        );
    }

    [Fact]
    public async Task Loaded_WarmUps_AreDoneBeforeAndAFailedOneKeepsNothingFromStarting()
    {
        using var models = new TempModels().Colors("colors");
        var warmedUp = 0;

        await using var engine = await EngineHost.StartLoadedAsync(
            models.Settings,
            services =>
                services.AddSingleton(Warm(() => throw new InvalidOperationException("stage fright"))).AddSingleton(Warm(() => warmedUp++))
        );

        Assert.Equal(1, warmedUp);
        Assert.True(engine.Catalog.IsReady);
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 109);
    }

    [Fact]
    public async Task Load_WarmUp_IsCountedNowhere()
    {
        using var models = new TempModels().Colors("colors");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var (_, _, done) = Assert.Single(engine.Catalog.Statistics());
        Assert.Equal((0, 0, 0), (done.Answered.Count, done.Failed.Count, done.Batches.Count));
    }

    private static WarmUp Warm(Action act) =>
        _ =>
        {
            act();
            return Task.CompletedTask;
        };
}
