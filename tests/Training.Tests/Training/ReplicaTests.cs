using Saccade.Training.Checkpoints;
using Saccade.Training.Loop;
using Saccade.Training.Recipes;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Training;

/// <summary>The parameter server by hand: two replicas whose turns are fixed, so that every staleness is known.</summary>
public sealed class ReplicaTests : IDisposable
{
    private const string Mean = "conv1.bn.running_mean";
    private const string Count = "conv1.bn.num_batches_tracked";
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RunRecord _record = TinyRun.Record(TinyRun.Recipe);
    private readonly TrainingState _shared;
    private readonly Replica _one;
    private readonly Replica _other;
    private readonly ParameterServer _server;

    public ReplicaTests()
    {
        _shared = TrainingState.Create(_record, stepsPerEpoch: 4);
        (_one, _other) = (new Replica(_shared, _record), new Replica(_shared, _record));
        _server = new ParameterServer(new WeightUpdate(_shared, new LearningRateSchedule(_record.Recipe, 4, 12), () => { }));
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
        _shared.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Push_AfterOthers_CountsTheStepsMadeSinceThePull()
    {
        var early = _server.Pull(_one);
        for (var turn = 0; turn < 3; turn++)
            _server.Push(_other, _server.Pull(_other), loss: 1, images: 2);
        Assert.Equal((0, 0), (_shared.Progress.StalenessSum, _shared.Progress.StalenessMax));

        _server.Push(_one, early, loss: 1, images: 2);
        _server.Push(_other, _server.Pull(_other), loss: 1, images: 2);

        Assert.Equal((3, 3, 5), (_shared.Progress.StalenessSum, _shared.Progress.StalenessMax, _shared.Progress.Step));
        Assert.Equal(10, _shared.Progress.Images);
    }

    [Fact]
    public void Pull_AfterAStep_GivesTheMovedWeights()
    {
        _server.Pull(_one);
        foreach (var parameter in _one.Network.parameters())
            parameter.sum().backward();
        var before = Values(_shared.Network.parameters().First());
        _server.Push(_one, 0, loss: 1, images: 2);

        _server.Pull(_other);

        Assert.NotEqual(before, Values(_shared.Network.parameters().First()));
        Assert.All(
            _shared.Network.parameters().Zip(_other.Network.parameters()),
            pair => Assert.Equal(Values(pair.First), Values(pair.Second))
        );
    }

    /// <summary>Batch norm's statistics: a stale replica's batch counts as if the shared mean had seen it, r ← (1 − m)·r + m·b.</summary>
    [Fact]
    public void Push_Statistics_AreThoseOfAllBatchesOneAfterTheOther()
    {
        const double Momentum = 0.1;
        var shared = _shared.Network.get_buffer(Mean)!;
        var (pulledOne, pulledOther) = (_server.Pull(_one), _server.Pull(_other));
        See(_one, batchMean: 2);
        See(_other, batchMean: -5);
        _server.Push(_one, pulledOne, loss: 1, images: 2);
        _server.Push(_other, pulledOther, loss: 1, images: 2);

        var expected = ((1 - Momentum) * (Momentum * 2)) + (Momentum * -5);
        Assert.All(Values(shared), value => Assert.Equal(expected, value, 1e-6));
        Assert.Equal(2, _shared.Network.get_buffer(Count)!.item<long>());

        void See(Replica replica, double batchMean)
        {
            replica.Network.get_buffer(Mean)!.mul_(1 - Momentum).add_(Momentum * batchMean);
            replica.Network.get_buffer(Count)!.add_(1);
        }
    }

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();
}
