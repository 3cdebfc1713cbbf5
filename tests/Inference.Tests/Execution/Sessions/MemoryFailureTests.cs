using System.Runtime.InteropServices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

public sealed class MemoryFailureTests
{
    [Theory]
    [InlineData(
        "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Available memory of 0 is smaller than requested bytes of 5; Failed to allocate "
            + "memory for requested buffer of size 5",
        true
    )]
    [InlineData("CUDA failure 2: out of memory ; GPU=0", true)]
    [InlineData("std::bad_alloc", true)]
    [InlineData("CUDA failure 700: an illegal memory access was encountered", false)]
    [InlineData("Non-zero status code returned while running Conv node", false)]
    public void Is_WhatRuntimesSay_ToldApart(string message, bool expected) =>
        Assert.Equal(expected, MemoryFailure.Is(new InvalidOperationException(message)));

    [Fact]
    public async Task Run_BatchTooLargeForTheMemory_HalvesTheLimitAndAnswersEveryone()
    {
        await using var pool = new PoolFixture(maxBatch: 16, open: _ => new GatedModelSession { Fault = NoMoreThanFour });
        pool.Session.Hold();
        var first = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        var many = Enumerable.Range(2, 16).Select(value => (Value: value, Sent: pool.Submit(value))).ToArray();
        pool.Session.Open();

        Assert.Null((await first.Result).Failure);
        foreach (var (value, sent) in many)
        {
            Assert.Null((await sent.Result).Failure);
            PoolFixture.AssertOwnLogits(sent.Request, value);
        }

        Assert.Equal(new BatchLimits(Maximum: 16, Preferred: 4), pool.Pool.Limits);
        Assert.Equal([1, 16, 8, 4, 4, 4, 4], pool.Session.Runs);
        Assert.Equal((17, 0), pool.Balanced() is var counts ? (counts.Answered, counts.Failed) : default);
        Assert.True(pool.Pool.IsWhole);
        Assert.Single(pool.Sessions);
    }

    [Fact]
    public async Task Run_NoMemoryForASingleCrop_FailsItAndLooksAfterTheSession()
    {
        var full = false;
        await using var pool = new PoolFixture(
            maxBatch: 4,
            open: made => new GatedModelSession
            {
                Fault = (_, _) =>
                {
                    if (made == 0 && Volatile.Read(ref full))
                        throw new InvalidOperationException("out of memory");
                },
            }
        );
        Volatile.Write(ref full, true);

        Assert.Equal(ClassifyFailure.ModelFailed, (await pool.Submit().Result).Failure);
        Assert.Null((await pool.Submit().Result).Failure);
        Assert.Equal(2, pool.Sessions.Count);
    }

    [Fact]
    public async Task Run_CallerLeavesWhileItsBatchIsPutBack_BooksStayBalanced()
    {
        using var caller = new CancellationTokenSource();
        var runs = 0;
        await using var pool = new PoolFixture(
            maxBatch: 2,
            open: _ => new GatedModelSession
            {
                Fault = (_, count) =>
                {
                    if (count < 2 || Interlocked.Increment(ref runs) == 1)
                        return; // the first is the warm-up
                    caller.Cancel();
                    throw new InvalidOperationException("out of memory");
                },
            }
        );
        pool.Session.Hold();
        _ = pool.Submit();
        await pool.Session.NextRunAsync();
        var leaves = pool.Submit(token: caller.Token);
        var stays = pool.Submit(value: 3);
        pool.Session.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.Result);
        Assert.Null((await stays.Result).Failure);
        PoolFixture.AssertOwnLogits(stays.Request, 3);
        await TestTimeouts.UntilAsync(() => pool.Balanced() is { Running: 0, Queued: 0, Cancelled: 1, Answered: 2 });
    }

    private static void NoMoreThanFour(CropTensors tensors, int count)
    {
        // The warm-up runs blank input; what is served here never is.
        if (count > 4 && MemoryMarshal.Cast<byte, float>(tensors.Input(0))[0] != 0)
            throw new InvalidOperationException("Failed to allocate memory for requested buffer of size 1");
    }
}
