using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>From a bundle's folder to a warm model.</summary>
internal sealed class ModelLoader(
    ModelSessionFactory openSession,
    DeviceGates gates,
    IntegerArithmetic integers,
    ModelWarmUp warmUp,
    IOptions<CroppingOptions> cropping,
    IOptions<BatchingOptions> batching,
    IOptions<ExecutionOptions> execution,
    InferenceTelemetry telemetry,
    TimeProvider time,
    ILogger<ModelLoader> logger
)
{
    private int _saidWhyNoCuda;

    /// <summary>Loads, checks, sizes and warms up. Never throws: a bundle that fails in any of that is refused with the reason.</summary>
    /// <param name="model">Whose folder is read.</param>
    /// <param name="givenUp">Nobody waits any more.</param>
    public LoadOutcome Load(ServedModel model, CancellationToken givenUp)
    {
        var start = time.GetTimestamp();
        var outcome = new LoadOutcome(BundleSnapshot.Of(model.Folder));
        try
        {
            if (EnsembleJson.IsIn(model.Folder))
                return outcome with { Ensemble = EnsembleJson.ReadFrom(model.Folder) };
            var runtime = WarmedUp(Start(model, outcome.Files!, givenUp));
            var (elapsed, runs, limits) = (time.GetElapsedTime(start), runtime.Pool.Counts.Total, runtime.Pool.Limits);
            Log.ModelReady(logger, model.Label, runtime.Device, runs, limits.Preferred, limits.Maximum, elapsed);
            telemetry.ModelLoaded(runtime.Name, runtime.Version, loaded: true, elapsed);
            return outcome with { Runtime = runtime };
        }
        catch (Exception error)
        {
            // One broken bundle must not keep the others from being served, whatever is wrong with it.
            if (!givenUp.IsCancellationRequested)
                Log.ModelRefused(logger, model.Label, error.Message, error is InvalidDataException or FilesChangedException ? null : error);
            telemetry.ModelLoaded(model.Name, model.VersionText, loaded: false, time.GetElapsedTime(start));
            return outcome with { Failure = FailureOf(error) };
        }
    }

    /// <summary>What an error means: for the client a sentence without paths, for the service whether to try again.</summary>
    private static LoadFailure FailureOf(Exception error) =>
        error switch
        {
            InvalidDataException or NotSupportedException => new(error.Message, IsLasting: true),
            FilesChangedException => new(error.Message, IsLasting: false),
            IOException or UnauthorizedAccessException => new("Its files cannot be read or copied; the log says why.", IsLasting: false),
            _ when MemoryFailure.Is(error) => new("There is not enough memory to load it.", IsLasting: false),
            _ => new($"The runtime cannot load {BundleFiles.ModelFile}; the log says why.", IsLasting: true),
        };

    private ModelRuntime WarmedUp(ModelRuntime runtime)
    {
        try
        {
            // This is a thread of its own, and nothing that is waited for needs it.
            warmUp(runtime).GetAwaiter().GetResult();
            return runtime;
        }
        catch
        {
            _ = runtime.StopAsync(TimeSpan.Zero, CancellationToken.None);
            throw;
        }
    }

    private ModelRuntime Start(ServedModel model, BundleSnapshot files, CancellationToken givenUp)
    {
        var bundles = VersionBundles.Read(model.Folder, givenUp);
        var (opened, plan) = OpenFirst(bundles);
        IModelSession? first = opened;
        try
        {
            RequireUnchanged(model.Folder, files);
            var provider = plan.Sessions[0].Spec.Provider;
            var (path, written, given) = bundles.For(provider, integers);
            var triton = bundles.Triton;
            if (triton is { Ignored: [_, ..] ignored })
                Log.TritonFieldsIgnored(logger, model.Label, string.Join(", ", ignored));
            if (bundles.OfIntegers && !integers.Suits(provider))
                SayIntegersAreSlow(model.Label, plan, bundles);
            var (manifest, layout) = AssumedManifest.Complete(opened, written, given);
            if (written is null)
                SayWhatIsAssumed(model.Label, given, manifest);

            manifest = manifest with { Preprocessing = cropping.Value.AddTo(manifest.Preprocessing) };
            var options = batching.Value;
            var queue = new CropQueue(new(options.QueueCapacity, options.PriorityStep, options.LatencyObjective), time);
            var sizes = Sizes(opened, layout, plan, triton?.MaxBatchSize, queue.Learn, out var maximum);
            var notice = new OverloadNotice(time, refused => Log.Overloaded(logger, model.Label, refused, options.QueueCapacity));
            var setup = new PoolSetup(
                layout,
                plan,
                sizes,
                maximum,
                triton?.MaxQueueDelay ?? options.MaxQueueDelay,
                opened,
                spec => Reopen(path, spec, model.Folder, files),
                gates.Of
            );
            first = null;
            return new ModelRuntime(model.Name, model.Version)
            {
                Manifest = manifest,
                Assumed = written is null ? [.. given.Assumed] : [],
                Ignored = triton?.Ignored ?? [],
                LabelsAssumed = given.Labels is null,
                LabelsDigest = Succession.Digest(manifest.Labels),
                Layout = layout,
                Device = Device(plan),
                Queue = queue,
                Notice = notice,
                Pool = WorkerPool.Start(
                    setup,
                    queue,
                    new WorkerServices(model.Name, model.Label, time, telemetry, logger) { Statistics = model.Statistics }
                ),
            };
        }
        finally
        {
            first?.Dispose();
        }
    }

    /// <summary>Opens another session of a version, at its start or in place of one that broke.</summary>
    private IModelSession Reopen(string path, SessionSpec spec, string folder, BundleSnapshot files)
    {
        RequireUnchanged(folder, files);
        var session = openSession(path, spec);
        try
        {
            RequireUnchanged(folder, files);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void RequireUnchanged(string folder, BundleSnapshot files)
    {
        if (BundleSnapshot.Of(folder) != files)
            throw new FilesChangedException();
    }

    private (IModelSession First, ExecutionPlan Plan) OpenFirst(VersionBundles bundles)
    {
        var options = execution.Value;
        var cores = Environment.ProcessorCount;
        if (options.Provider != ExecutionProvider.Cpu && bundles.Triton is not { CpuOnly: true })
        {
            var plan = ExecutionPlan.For(ExecutionProvider.Cuda, options, cores, bundles.Triton?.GpuInstances ?? 0);
            try
            {
                return (openSession(bundles.For(ExecutionProvider.Cuda, integers).ModelPath, plan.Sessions[0].Spec), plan);
            }
            catch (Exception error) when (options.Provider == ExecutionProvider.Auto)
            {
                // Once: the machine is the same for every model.
                if (Interlocked.Exchange(ref _saidWhyNoCuda, 1) == 0)
                    Log.CudaNotUsed(logger, error.Message);
            }
        }

        var cpu = ExecutionPlan.For(ExecutionProvider.Cpu, options, cores, bundles.Triton?.CpuInstances ?? 0);
        return (openSession(bundles.For(ExecutionProvider.Cpu, integers).ModelPath, cpu.Sessions[0].Spec), cpu);
    }

    /// <summary>What may be run: what the graph and the configuration allow, and on a CPU no more than brings something.</summary>
    private BatchSizes Sizes(
        IModelSession session,
        TensorLayout layout,
        ExecutionPlan plan,
        int? limit,
        Action<int, TimeSpan> measured,
        out int maximum
    )
    {
        var options = batching.Value;
        var sizes =
            layout.FixedBatch is { } only ? BatchSizes.Only(only)
            : options.AllowedBatchSizes.Count > 0 ? BatchSizes.Only(options.AllowedBatchSizes)
            : BatchSizes.UpTo(options.MaxBatchSize);
        if (limit is { } most && layout.FixedBatch is null)
            sizes = sizes.AtMost(most);
        maximum = sizes.Maximum;
        var (preferred, largest) = PreferredBatch.Measure(session, layout, sizes, time, measured);
        return sizes.AtMost(plan.Sessions[0].Spec.Provider == ExecutionProvider.Cpu ? preferred : largest);
    }

    private void SayIntegersAreSlow(string model, ExecutionPlan plan, VersionBundles bundles)
    {
        if (bundles.Floats is null)
            Log.IntegersAreSlow(logger, model, Device(plan));
        else
            Log.FloatsInsteadOfIntegers(logger, model, Device(plan));
    }

    private void SayWhatIsAssumed(string model, GivenFields given, ModelManifest manifest)
    {
        var input = manifest.Input;
        if (given.Labels is not null)
        {
            Log.FieldsAssumed(logger, model, string.Join(", ", given.Assumed), input.Width, input.Height, input.Layout, manifest.Output);
            return;
        }

        Log.ManifestAssumed(
            logger,
            model,
            input.Width,
            input.Height,
            input.Layout,
            input.Type,
            manifest.Preprocessing.ResizeShorterSide,
            manifest.Output,
            manifest.Activation == Activation.None ? "probabilities" : "logits",
            manifest.Labels.Count
        );
    }

    private static string Device(ExecutionPlan plan) =>
        string.Join(", ", plan.Sessions.Select(session => session.Spec.Device).Distinct(StringComparer.Ordinal));

    private sealed class FilesChangedException() : IOException("The files were changed after they had been checked.");
}
