using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>The engine's life from the first moment of the process to its last.</summary>
public sealed class LifetimeTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Models:Path"] = TestModels.Path,
        ["Execution:Provider"] = "Cpu",
    };
    private static readonly byte[] Image = TestModels.Image(200, 10, 10);

    [Fact]
    public async Task Start_WhileAModelWarmsUp_NotReadyAndRequestsAreToldToComeBack()
    {
        var session = new GatedModelSession();
        session.Hold();
        await using var engine = await EngineHost.StartAsync(
            Settings,
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );
        await session.NextRunAsync();

        Assert.Equal("Models are loading.", engine.Catalog.NotReadyReason);
        Assert.Equal(ModelState.Loading, Assert.Single(engine.Catalog.List()).State);
        foreach (var model in new[] { null, "colors", "nobody" })
        {
            var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Image, model: model));
            Assert.Equal(ClassifyFailure.NotReady, refusal.Failure);
            Assert.NotNull(refusal.RetryAfter);
        }

        session.Open();
        await engine.Catalog.Loaded.Guarded();
        Assert.True(engine.Catalog.IsReady);
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image));
    }

    [Fact]
    public async Task Stop_Announced_NotReadyButStillServing()
    {
        await using var engine = await EngineHost.StartLoadedAsync(Settings);

        engine.AnnounceStop();

        Assert.Equal("The service is stopping.", engine.Catalog.NotReadyReason);
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image));
    }

    [Fact]
    public async Task Stop_RequestsUnderWay_AllAreAnsweredAndLaterOnesRefused()
    {
        var session = new GatedModelSession();
        await using var engine = await EngineHost.StartLoadedAsync(
            Settings,
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );
        session.Hold();
        var accepted = Enumerable
            .Range(0, 30)
            .Select(i => engine.ClassifyAsync(Image, i % 3 == 0 ? CropMode.Crops10 : CropMode.Single))
            .ToArray();
        await session.NextRunAsync();

        var stopping = engine.StopAsync();
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[0].State == ModelState.Draining);
        session.Open();
        await stopping.Guarded();

        Assert.All(await Task.WhenAll(accepted), outcome => Assert.IsType<ClassifyAnswer>(outcome));
        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Image));
        Assert.Equal((ClassifyFailure.ShuttingDown, true), (refusal.Failure, refusal.RetryAfter is not null));
        Assert.True(session.Disposed);
    }

    [Fact]
    public async Task Stop_WhileLoading_WaitsForTheModelAndStops()
    {
        var session = new GatedModelSession();
        session.Hold();
        await using var engine = await EngineHost.StartAsync(
            Settings,
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );
        await session.NextRunAsync();

        var stopping = engine.StopAsync();
        session.Open();

        await stopping.Guarded();
        Assert.True(session.Disposed);
    }

    [Fact]
    public async Task Auto_NoCudaDevice_RunsOnTheCpuAndSaysWhy()
    {
        await using var engine = await EngineHost.StartLoadedAsync(
            new() { ["Models:Path"] = TestModels.Path },
            services =>
                services.AddSingleton<ModelSessionFactory>(
                    (path, spec) =>
                        spec.Provider == ExecutionProvider.Cuda
                            ? throw new NotSupportedException("no such device")
                            : new OnnxModelSession(path, spec)
                )
        );

        Assert.Equal("CPU", engine.Catalog.List()[0].Device);
        Assert.Contains(
            engine.Logs.Entries,
            entry => entry.Id.Id == 104 && entry.Message.Contains("no such device", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Cuda_NoCudaDevice_ModelIsRefused()
    {
        await using var engine = await EngineHost.StartLoadedAsync(
            new() { ["Models:Path"] = TestModels.Path, ["Execution:Provider"] = "Cuda" },
            services => services.AddSingleton<ModelSessionFactory>((_, _) => throw new NotSupportedException("no such device"))
        );

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Failed, "no such device"), (status.State, status.Error));
    }

    [Fact]
    public async Task Auto_DeviceThere_RunsOnIt()
    {
        await using var engine = await EngineHost.StartLoadedAsync(
            new() { ["Models:Path"] = TestModels.Path, ["Execution:DeviceIds:0"] = "1" },
            services => services.AddSingleton<ModelSessionFactory>((_, _) => new GatedModelSession())
        );

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal(("CUDA 1", new BatchLimits(32, 32)), (status.Device, status.BatchLimits));
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image));
    }
}
