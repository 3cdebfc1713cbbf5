using System.Collections.Concurrent;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;

namespace Saccade.Bench.Device;

/// <summary>The pool without HTTP: tensors into the queue, logits out, as many requests under way as keep every session busy.</summary>
internal sealed class PoolSweep(Accelerator accelerator, TimeSpan duration, string workshop, string records)
{
    private const string Part = "pool";
    private const int MostRows = 32;

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Measures every model with every batch and number of sessions.</summary>
    public async Task RunAsync(IEnumerable<DeviceBundle> bundles, IReadOnlyList<int> batches, IReadOnlyList<int> sessions)
    {
        foreach (var bundle in bundles)
        {
            foreach (var (batch, count) in batches.SelectMany(batch => sessions.Select(count => (batch, count))))
                await MeasureAsync(bundle, batch, count);
        }
    }

    private async Task MeasureAsync(DeviceBundle bundle, int batch, int sessions)
    {
        var record = new DeviceRecord(Part, bundle.Architecture, bundle.Heading(accelerator), "in-process")
        {
            Batch = batch,
            Sessions = sessions,
        };
        try
        {
            await using var engine = await BenchEngine.StartAsync(
                EngineSettings.Of(EngineSettings.Only(bundle, workshop), accelerator, batch, sessions, ":")
            );
            var request = Request(bundle.Manifest.Input, Math.Min(batch, MostRows));
            var rows = (int)request.Shape[0];

            // Twice what the sessions hold, so that a full batch waits while one runs, and once more for what is being copied.
            var callers = Math.Max(2, 3 * batch * sessions / rows);
            var timings = new ConcurrentQueue<StageTimings>();
            var began = _time.GetTimestamp();
            await Task.WhenAll(
                Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(engine.Tensors, request, began, timings)))
            );
            if (timings.IsEmpty)
                throw new InvalidOperationException("Nothing was answered within the measured time.");
            record = record with { ImagesPerSecond = timings.Count * rows / duration.TotalSeconds, Figures = Means(timings) };
        }
        catch (InvalidOperationException problem)
        {
            record = record with { Problem = problem.Message };
        }

        record.AppendTo(records);
    }

    // The first second, or as long as the measured time if that is shorter, warms up.
    private async Task CallAsync(TensorPipeline tensors, TensorRequest request, long began, ConcurrentQueue<StageTimings> timings)
    {
        var warmUp = duration < TimeSpan.FromSeconds(1) ? duration : TimeSpan.FromSeconds(1);
        while (_time.GetElapsedTime(began) < warmUp + duration)
        {
            var outcome = await tensors.InferAsync(request with { ArrivedAt = _time.GetTimestamp() }, CancellationToken.None);
            if (outcome is not TensorAnswer answer)
                throw new InvalidOperationException($"{outcome}");
            var at = _time.GetElapsedTime(began);
            if (at >= warmUp && at < warmUp + duration)
                timings.Enqueue(answer.Timings);
        }
    }

    private static Dictionary<string, double> Means(ConcurrentQueue<StageTimings> timings) =>
        new(StringComparer.Ordinal)
        {
            ["copyMs"] = timings.Average(timing => timing.Preprocess.TotalMilliseconds),
            ["queueMs"] = timings.Average(timing => timing.Queue.TotalMilliseconds),
            ["inferenceMs"] = timings.Average(timing => timing.Inference.TotalMilliseconds),
            ["batchSize"] = timings.Average(timing => timing.BatchSize),
        };

    private static TensorRequest Request(ManifestInput input, int rows)
    {
        using var tensor = HostTensor.Random(input, rows);
        return new TensorRequest
        {
            InputName = input.Name,
            InputType = input.Type,
            Shape = HostTensor.Shape(input, rows),
            Data = tensor.Bytes,
            ArrivedAt = 0,
        };
    }
}
