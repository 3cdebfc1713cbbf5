using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Saccade.Bench.Images;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Ceiling;

/// <summary>ONNX Runtime alone: the same graph on prepared input, with nothing of the service around it.</summary>
public sealed class RawRuntime : IDisposable
{
    private readonly RuntimeLayout _layout;
    private readonly ModelManifest _manifest;
    private readonly IReadOnlyList<InferenceSession> _sessions;

    /// <summary>Loads the graph once per concurrent run.</summary>
    /// <param name="graph">Path of <c>model.onnx</c>.</param>
    /// <param name="manifest">Names and size of its tensors.</param>
    /// <param name="layout">How to run it.</param>
    public RawRuntime(string graph, ModelManifest manifest, RuntimeLayout layout)
    {
        _layout = layout;
        _manifest = manifest;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = layout.Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _sessions = [.. Enumerable.Range(0, layout.Runs).Select(_ => new InferenceSession(graph, options))];
    }

    /// <summary>Runs for a stretch of time, after one unmeasured run each.</summary>
    public RawRate Measure(TimeSpan duration)
    {
        using var self = Process.GetCurrentProcess();
        var processorTime = TimeSpan.Zero;
        using var start = new Barrier(_sessions.Count, _ => processorTime = self.TotalProcessorTime);
        var results = new (int Images, double Rate)[_sessions.Count];
        var threads = _sessions.Select((session, index) => new Thread(() => results[index] = Run(session, start, duration))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        self.Refresh();
        var used = self.TotalProcessorTime - processorTime;
        return new RawRate(results.Sum(result => result.Rate), used.TotalMilliseconds / results.Sum(result => result.Images));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in _sessions)
            session.Dispose();
    }

    private (int Images, double Rate) Run(InferenceSession session, Barrier start, TimeSpan duration)
    {
        var input = _manifest.Input;
        using var tensor = Input(input);
        using var logits = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance,
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
            [_layout.Batch, _manifest.Labels.Count]
        );
        using var options = new RunOptions();
        void Once() => session.Run(options, [input.Name], [tensor], [_manifest.Output], [logits]);

        Once();
        start.SignalAndWait();
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var images = 0;
        while (time.GetElapsedTime(began) < duration)
        {
            Once();
            images += _layout.Batch;
        }

        return (images, images / time.GetElapsedTime(began).TotalSeconds);
    }

    private OrtValue Input(ManifestInput input)
    {
        var count = _layout.Batch * 3 * input.Height * input.Width;
        long[] shape =
            input.Layout == InputLayout.Nchw
                ? [_layout.Batch, 3, input.Height, input.Width]
                : [_layout.Batch, input.Height, input.Width, 3];
        var random = new Random(1);
        if (input.Type == InputType.UInt8)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return OrtValue.CreateTensorValueFromMemory(bytes, shape);
        }

        var pixels = new float[count];
        random.NextFloats(pixels);
        return OrtValue.CreateTensorValueFromMemory(pixels, shape);
    }
}
