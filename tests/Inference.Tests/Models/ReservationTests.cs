using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Room in a version's queue, as the catalog gives it.</summary>
public sealed class ReservationTests : IAsyncLifetime
{
    private static readonly ModelQuery Any = new(Name: null, Version: null);

    private EngineHost _engine = null!;

    public async Task InitializeAsync() =>
        _engine = await EngineHost.StartLoadedAsync(
            new()
            {
                ["Models:Path"] = TestModels.Path,
                ["Execution:Provider"] = "Cpu",
                ["Batching:MaxBatchSize"] = "1",
                ["Batching:QueueCapacity"] = "10",
            }
        );

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public void Dispose_NothingEntered_GivesTheRoomBackOnce()
    {
        var all = _engine.Catalog.TryReserve(Any, Demand(10)).Reservation!;
        Assert.Equal(ClassifyFailure.QueueFull, _engine.Catalog.TryReserve(Any, Demand(1)).Failure);

        all.Dispose();
        all.Dispose();

        using var again = _engine.Catalog.TryReserve(Any, Demand(10)).Reservation;
        Assert.NotNull(again);
        Assert.Equal(ClassifyFailure.QueueFull, _engine.Catalog.TryReserve(Any, Demand(1)).Failure);
    }

    [Fact]
    public void TryReserve_MoreThanTheQueueHolds_IsUnsupportedAndNotFull() =>
        Assert.Equal(ClassifyFailure.UnsupportedCrops, _engine.Catalog.TryReserve(Any, Demand(11)).Failure);

    [Fact]
    public void TryReserve_PlanThatTheModelHasNot_IsUnsupportedEvenWhenFull()
    {
        using var all = _engine.Catalog.TryReserve(Any, Demand(10)).Reservation;

        Assert.Equal(ClassifyFailure.UnsupportedCrops, _engine.Catalog.TryReserve(Any, Demand(7) with { Plan = CropMode.Of(7) }).Failure);
    }

    [Fact]
    public void TryReserve_NoSuchModel_IsNotReady() =>
        Assert.Equal(ClassifyFailure.NotReady, _engine.Catalog.TryReserve(new("nobody", Version: null), Demand(1)).Failure);

    private static RoomDemand Demand(int crops) => new(crops, DueAt: long.MaxValue, Priority: 0);
}
