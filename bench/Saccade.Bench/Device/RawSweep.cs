namespace Saccade.Bench.Device;

/// <summary>ONNX Runtime by itself: every model, format, batch and way of transfer, then several sessions at the best batch.</summary>
internal sealed class RawSweep(Accelerator accelerator, TimeSpan duration, int threads, string records)
{
    private const string Part = "raw";

    /// <summary>Measures what a folder holds.</summary>
    /// <param name="bundles">The models.</param>
    /// <param name="batches">Rows of a run.</param>
    /// <param name="sessions">Numbers of sessions at once.</param>
    public void Run(IEnumerable<DeviceBundle> bundles, IReadOnlyList<int> batches, IReadOnlyList<int> sessions)
    {
        foreach (var bundle in bundles)
        {
            var best = (Batch: batches[0], Rate: 0.0);
            foreach (var batch in batches)
            {
                foreach (var transfer in Enum.GetValues<Transfer>())
                {
                    var rate = Measure(bundle, batch, transfer, sessions: 1);
                    if (transfer == Transfer.Copied && rate > best.Rate)
                        best = (batch, rate);
                }
            }

            foreach (var count in sessions.Where(count => count > 1))
                Measure(bundle, best.Batch, Transfer.Copied, count);
        }
    }

    private double Measure(DeviceBundle bundle, int batch, Transfer transfer, int sessions)
    {
        var record = new DeviceRecord(Part, bundle.Architecture, bundle.Heading(accelerator), transfer.ToString().ToLowerInvariant())
        {
            Batch = batch,
            Sessions = sessions,
        };
        try
        {
            record = record with { ImagesPerSecond = Rate(bundle, batch, transfer, sessions) };
        }
        catch (Exception problem) when (problem is Microsoft.ML.OnnxRuntime.OnnxRuntimeException or NotSupportedException)
        {
            // One way that the device refuses must not cost the others: time on it is short.
            record = record with
            {
                Problem = problem.Message.ReplaceLineEndings(" "),
            };
        }

        record.AppendTo(records);
        return record.ImagesPerSecond ?? 0;
    }

    private double Rate(DeviceBundle bundle, int batch, Transfer transfer, int sessions)
    {
        var runs = new List<BoundRun>();
        try
        {
            for (var index = 0; index < sessions; index++)
                runs.Add(new BoundRun(accelerator, bundle, batch, transfer, threads));
            foreach (var run in runs)
                Warm(run);
            using var start = new Barrier(sessions);
            var rates = new double[sessions];
            Thread[] all =
            [
                .. runs.Select(
                    (run, index) =>
                        new Thread(() =>
                        {
                            start.SignalAndWait();
                            rates[index] = Repeat(run, batch);
                        })
                ),
            ];
            foreach (var thread in all)
                thread.Start();
            foreach (var thread in all)
                thread.Join();
            return rates.Sum();
        }
        finally
        {
            foreach (var run in runs)
                run.Dispose();
        }
    }

    // The first runs choose algorithms, and record the graph.
    private static void Warm(BoundRun run)
    {
        for (var time = 0; time < 3; time++)
            run.Run();
    }

    private double Repeat(BoundRun run, int batch)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var images = 0;
        do
        {
            run.Run();
            images += batch;
        } while (time.GetElapsedTime(began) < duration);
        return images / time.GetElapsedTime(began).TotalSeconds;
    }
}
