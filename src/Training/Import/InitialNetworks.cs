using System.Security.Cryptography;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Weights;

namespace Saccade.Training.Import;

/// <summary>Opens what a run can start from: a run of our own, a bundle, or a file of weights of any format that <c>import</c>
/// reads.</summary>
internal static class InitialNetworks
{
    private const int ComparedImages = 4;
    private const double HalfPrecisionLimit = 0.02;

    /// <summary>Opens a run of our own or a bundle.</summary>
    /// <param name="path">Its folder, or one of a run's two files of weights.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <returns>Null where it is neither.</returns>
    /// <exception cref="InvalidDataException">It is damaged or cannot be trained.</exception>
    public static InitialNetwork? OpenOwn(string path, Action<string> say)
    {
        if (RunOf(path) is var (run, weights))
            return OfRun(path, run, weights, say);
        return BundleOf(path) is { } bundle ? OfBundle(path, bundle, say) : null;
    }

    /// <summary>Opens a source.</summary>
    /// <param name="request">The path, and what a file of weights does not say: its architecture and its images' preparation. The
    /// architecture is empty where none was named.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <exception cref="InvalidDataException">It is none of these, is damaged, or an architecture has to be named.</exception>
    /// <exception cref="NetworkException">There is no such network.</exception>
    public static InitialNetwork Open(ImportRequest request, Action<string> say)
    {
        var path = request.Weights;
        if (RunOf(path) is var (run, weights))
            return OfRun(KnowsItself(request), run, weights, StartingFrom);
        if (BundleOf(path) is { } bundle)
            return OfBundle(KnowsItself(request), bundle, StartingFrom);
        if (ServedFolder.HoldsEnsemble(ServedFolder.Find(path)))
            throw new InvalidDataException($"'{path}' is an ensemble: it can teach (--teacher), but a run starts from one network.");
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new InvalidDataException($"'{path}' does not exist.");
        if (request.Architecture.Length == 0)
            throw new InvalidDataException($"'{path}' does not say which network its weights are of: name it with --arch.");
        return OfFile(request, say);

        void StartingFrom(string line) => say($"starting from {line}");
    }

    /// <summary>The path of a run or a bundle, which has one set of weights and says how images are prepared.</summary>
    private static string KnowsItself(ImportRequest request) =>
        request is { State: null, Preprocess: null }
            ? request.Weights
            : throw new InvalidDataException(
                $"'{request.Weights}' says itself which weights it has and how images are prepared: leave out --init-state and "
                    + "--preprocess."
            );

    /// <summary>A run's folder, or one of the two files of weights in it.</summary>
    private static (RunDirectory Run, string Weights)? RunOf(string path)
    {
        RunDirectory run = new(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!run.HoldsRun)
            return null;
        if (Directory.Exists(path))
            return (run, run.WeightsFile);
        string[] known = [run.WeightsFile, run.BestFile];
        return known.Any(file => Path.GetFullPath(file) == Path.GetFullPath(path)) ? (run, path) : null;
    }

    /// <summary>A bundle's folder, or the newest version in a model's folder.</summary>
    public static string? BundleOf(string path) =>
        ServedFolder.Find(path) is var folder && File.Exists(Path.Combine(folder, ManifestJson.FileName)) ? folder : null;

    /// <summary>What a bundle is called in the record of what was made from it.</summary>
    /// <param name="path">As it was named.</param>
    /// <param name="model">Its model.</param>
    public static RunInit OriginOf(string path, byte[] model) => new(path, "bundle", Convert.ToHexStringLower(SHA256.HashData(model)));

    private static InitialNetwork OfRun(string path, RunDirectory run, string file, Action<string> say)
    {
        var record = run.ReadRecord();
        if (!File.Exists(file))
            throw new InvalidDataException($"'{run.Path}' holds no weights yet: its first epoch is not over.");
        using var weights = WeightsFile.Open(file);
        var tensors = weights
            .Tensors.Where(tensor => tensor.Type == "F32")
            .ToDictionary(tensor => tensor.Name, ImportedWeights.Read, StringComparer.Ordinal);
        say($"run '{path}': {record.Network.Architecture}, {record.Labels.Count} classes, {tensors.Count} tensors");
        return new InitialNetwork(
            new RunInit(path, "run", WeightsImport.Sha256(file)),
            record.Network,
            RunNetworks.Build(record.Network),
            tensors,
            record.Preprocessing
        )
        {
            Labels = record.Labels,
        };
    }

    private static InitialNetwork OfFile(ImportRequest request, Action<string> say)
    {
        using var file = WeightsFile.Open(request.Weights, request.State);
        var imported = WeightsImport.Import(request, file);
        var (preprocessing, custom) = WeightsImport.Preprocessing(request, imported, file);
        say($"starting from {WeightsImport.Describe(file)}: {imported.Network.Name}, {imported.Network.Classes} classes, {custom} images");
        foreach (var note in imported.Notes)
            say(note);

        // A Keras model may have a head of its own; what is before it is the application's.
        var input = imported.Network.Input.Output.Height;
        var plan = (imported.Network.Plan ?? PublishedNetworks.ForKeras(request.Architecture, imported.Network.Classes, input).Plan)!;
        return new InitialNetwork(
            new RunInit(
                request.Weights,
                file.Format,
                WeightsImport.Sha256(file.Path),
                request.State,
                request.Preprocess is { } kind ? EnumNames<PreprocessingKind>.NameOf(kind) : null
            ),
            new RunNetwork
            {
                Architecture = plan.Name,
                Classes = imported.Network.Classes,
                InputSize = plan.Pixels,
                Stem = plan.Stem,
                Variant = plan.Variant.Name,
                Traits = plan.Traits,
            },
            imported.Network,
            imported.Weights,
            preprocessing
        )
        {
            Labels = request.Labels is { } labels ? LabelFile.Read(labels, imported.Network.Classes) : null,
        };
    }

    private static InitialNetwork OfBundle(string path, string folder, Action<string> say)
    {
        var (model, manifest) = new BundleFolder(folder).Read();
        if (manifest.Precision == Precision.Int8)
            throw new InvalidDataException(
                $"'{path}' holds 8-bit integers, which cannot be trained: start from the fp32 bundle or the run."
            );
        var folded = OnnxWeights.Read(model);
        using var runner = new OnnxRunner(model);
        foreach (var network in Candidates(manifest))
        {
            if (Unfolded(network, folded) is not var (graph, weights) || !Agrees(graph, weights, runner, manifest))
                continue;
            say(
                $"bundle '{path}': {manifest.Architecture.Name}, {manifest.Labels.Count} classes, {weights.Count} tensors, "
                    + "proved to compute what the bundle does"
            );
            var plan = graph.Plan!;
            return new InitialNetwork(
                OriginOf(path, model),
                network with
                {
                    Stem = plan.Stem,
                    Variant = plan.Variant.Name,
                    Traits = plan.Traits,
                },
                graph,
                weights,
                manifest.Preprocessing
            )
            {
                Labels = manifest.Labels,
                IsUnfolded = BatchNormFolding.Folds(graph).Count > 0,
            };
        }

        throw new InvalidDataException(
            $"'{path}' is no network that can be built here: no variant of {manifest.Architecture.Name} computes what model.onnx does. "
                + "Start from the run or the weights that it was made of."
        );
    }

    /// <summary>The network that the manifest describes, then all variants: older bundles do not say which they are.</summary>
    private static IEnumerable<RunNetwork> Candidates(ModelManifest manifest)
    {
        var (variant, stem, traits) = ModelMetadata.NetworkIn(manifest.Provenance);
        var network = new RunNetwork
        {
            Architecture = manifest.Architecture.Name,
            Classes = manifest.Labels.Count,
            Width = manifest.Architecture.Width,
            InputSize = manifest.Input.Height,
        };
        return Architectures
            .All.Where(preset => preset.Name == network.Architecture)
            .SelectMany(preset => preset.Variants)
            .Select(known => network with { Variant = known.Name })
            .Prepend(network with { Variant = variant, Stem = stem, Traits = traits })
            .SelectMany(one =>
                one.Stem is null
                    ? EnumNames<Stem>.All.Select(name => one with { Stem = EnumNames<Stem>.TryParse(name) }).Prepend(one)
                    : [one]
            );
    }

    private static (Network Graph, IReadOnlyDictionary<string, float[]> Weights)? Unfolded(
        RunNetwork network,
        IReadOnlyDictionary<string, float[]> folded
    )
    {
        try
        {
            var graph = RunNetworks.Build(network);
            return (graph, BatchNormUnfolding.Unfold(graph, folded));
        }
        catch (Exception exception) when (exception is NetworkException or InvalidDataException)
        {
            return null; // not this one
        }
    }

    private static bool Agrees(Network graph, IReadOnlyDictionary<string, float[]> weights, OnnxRunner runner, ModelManifest manifest)
    {
        if (graph.Input.Output != runner.Input || graph.Classes != runner.Classes)
            return false;
        using var module = new NetworkModule(graph);
        ModuleWeights.Write(module, weights);
        var parity = new ParityCheck(module, manifest.Preprocessing).Measure(
            runner,
            [.. CentreCrops.Of(new ProbeImages(manifest.Input.Height, ComparedImages), ComparedImages, manifest)]
        );
        var spread = parity.LogitSpread!.Value;
        return parity.MaxAbsLogitDifference
            <= (manifest.Precision == Precision.Fp16 ? HalfPrecisionLimit * spread : ParityCheck.Limit(spread));
    }
}
