using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Batching;
using Saccade.Inference.Cropping;
using Saccade.Inference.Execution;
using Saccade.Inference.Queueing;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>From a bundle's folder to a warm model.</summary>
internal sealed class ModelLoader(
    ModelSessionFactory openSession,
    IOptions<CroppingOptions> cropping,
    IOptions<BatchingOptions> batching,
    IOptions<ExecutionOptions> execution,
    InferenceTelemetry telemetry,
    TimeProvider time,
    ILogger<ModelLoader> logger)
{
    /// <summary>Loads, checks, sizes and warms up; a bundle that fails in any of that is marked refused with the reason. Never throws.</summary>
    public void Load(ServedModel model)
    {
        try
        {
            var start = time.GetTimestamp();
            var runtime = Start(model);
            model.Loaded(runtime);
            var (elapsed, runs, limits) = (time.GetElapsedTime(start), runtime.Pool.Counts.Total, runtime.Pool.Limits);
            Log.ModelReady(logger, model.Label, runtime.Device, runs, limits.Preferred, limits.Maximum, elapsed);
        }
        catch (Exception error)
        {
            // One broken bundle must not keep the others from being served, whatever is wrong with it.
            Log.ModelRefused(logger, model.Label, error.Message, error is InvalidDataException ? null : error);
            model.Refused(error is InvalidDataException or NotSupportedException ? error.Message : "The runtime cannot load model.onnx; the log says why.");
        }
    }

    private ModelRuntime Start(ServedModel model)
    {
        var path = BundleFiles.ModelPath(model.Folder);
        var written = BundleFiles.ReadManifest(model.Folder);
        var (opened, plan) = OpenFirst(model.Label, path);
        IModelSession? first = opened;
        try
        {
            var manifest = written ?? AssumedManifest.For(opened.Graph);
            var layout = LayoutRules.Combine(opened.Graph, manifest);
            if (written is null)
            {
                layout = layout with { Probabilities = SoftmaxProbe.AnswersInProbabilities(opened, layout) };
                SayWhatIsAssumed(model.Label, manifest, layout);
            }

            manifest = manifest with { Preprocessing = cropping.Value.AddTo(manifest.Preprocessing) };
            var limits = Limits(opened, layout, plan);
            var queue = new CropQueue(batching.Value.QueueCapacity, time);
            var notice = new QueueFullNotice(model.Label, batching.Value.QueueCapacity, time, logger);
            var setup = new PoolSetup(layout, plan, limits, batching.Value.MaxQueueDelay, opened, spec => openSession(path, spec));
            first = null;
            var pool = WorkerPool.Start(setup, queue, new WorkerServices(model.Name, model.Label, time, telemetry, logger));
            return new ModelRuntime(manifest, written is null, layout, Device(plan), new CropBuffers(layout.CropBytes), queue, notice, pool);
        }
        finally
        {
            first?.Dispose();
        }
    }

    private (IModelSession First, ExecutionPlan Plan) OpenFirst(string model, string path)
    {
        var options = execution.Value;
        var cores = Environment.ProcessorCount;
        if (options.Provider != ExecutionProvider.Cpu)
        {
            var plan = ExecutionPlan.For(ExecutionProvider.Cuda, options, cores);
            try
            {
                return (openSession(path, plan.Sessions[0].Spec), plan);
            }
            catch (Exception error) when (options.Provider == ExecutionProvider.Auto)
            {
                Log.CudaNotUsed(logger, model, error.Message);
            }
        }

        var cpu = ExecutionPlan.For(ExecutionProvider.Cpu, options, cores);
        return (openSession(path, cpu.Sessions[0].Spec), cpu);
    }

    private BatchLimits Limits(IModelSession session, TensorLayout layout, ExecutionPlan plan)
    {
        var maximum = layout.FixedBatch ?? batching.Value.MaxBatchSize;
        var onCpu = plan.Sessions[0].Spec.Provider == ExecutionProvider.Cpu;
        return new(maximum, onCpu && layout.FixedBatch is null ? PreferredBatch.Measure(session, layout, maximum, time) : maximum);
    }

    private void SayWhatIsAssumed(string model, ModelManifest manifest, TensorLayout layout)
    {
        var input = manifest.Input;
        Log.ManifestAssumed(
            logger,
            model,
            input.Width,
            input.Height,
            input.Layout,
            input.Type,
            manifest.Preprocessing.ResizeShorterSide,
            manifest.Output,
            layout.Probabilities ? "probabilities" : "logits",
            manifest.Labels.Count);
    }

    private static string Device(ExecutionPlan plan) => string.Join(", ", plan.Sessions.Select(session => session.Spec.Device).Distinct(StringComparer.Ordinal));
}
