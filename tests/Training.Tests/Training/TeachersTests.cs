using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Import;
using Saccade.Training.Loop;
using Saccade.Training.Modules;
using Saccade.Training.Onnx;
using Saccade.Training.Recipes;
using Saccade.Training.Tests.Bundles;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Training;

public sealed class TeachersTests
{
    private const double Temperature = 3;

    private static readonly Recipe Taught = TinyRun.Recipe with { Epochs = 20, TeacherWeight = 1, Augmentation = AugmentationOptions.Off };

    /// <summary>Hinton et al. 2015, §2: the gradient by a logit is T·(q − p), both softened, here of two teachers' mean.</summary>
    [Fact]
    public void Loss_TwoTeachers_HasTheGradientTowardsTheirMean()
    {
        using var scope = NewDisposeScope();
        using var first = Network(1);
        using var second = Network(2);
        using Teachers teachers = new([new NetworkTeacher(first), new NetworkTeacher(second)]);
        var pixels = randn(2, 3, 28, 28);
        var scores = randn(2, 3, requires_grad: true);

        teachers.Loss(scores, pixels, Temperature).backward();

        var mean = (Softened(first.forward(pixels).Logits) + Softened(second.forward(pixels).Logits)) / 2;
        var expected = (Softened(scores) - mean) * Temperature / 2; // a mean over two images
        Assert.InRange((scores.grad! - expected).abs().max().item<float>(), 0, 1e-5);
        Assert.All(first.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Gradients_OfTheTeachersAlone_KnowNoLabels()
    {
        using var network = Network(1);
        using Teachers teachers = new([new NetworkTeacher(network)]);

        Assert.Equal(Learned(teachers, 1, label: 0), Learned(teachers, 1, label: 1));
        Assert.NotEqual(Learned(teachers, 0.5, label: 0), Learned(teachers, 0.5, label: 1));
        Assert.Equal(Learned(teachers: null, 0.5, label: 0), Learned(teachers, 0, label: 0));
    }

    /// <summary>Without batch norm's statistics of each part and without dropout, parts are only another order of summation.</summary>
    [Fact]
    public void Run_AccumulatedWithClassWeights_LearnsWhatTheWholeBatchWould()
    {
        using TempFolder folder = new();
        using var network = Network(5);
        using Teachers teachers = new([new NetworkTeacher(network)]);
        var data = TinyRun.Data with { Train = new Subset(TinyRun.Data.Train, [0, 3, 6, 9, 1, 4, 7, 2]) }; // 4, 3 and 1 of the classes
        var recipe = Taught with
        {
            Epochs = 1,
            TeacherWeight = 0.5,
            Freeze = FreezeDepth.Backbone,
            ClassWeights = ClassWeightsKind.Balanced,
        };
        var record = TinyRun.Record(recipe);
        record = record with { Network = record.Network with { Dropout = 0, Aux = false } };
        using Trainer whole = new(record, data, new RunDirectory(folder["whole"]), TimeProvider.System, teachers: teachers);
        using Trainer parts = new(
            record with
            {
                Recipe = recipe with { Accumulate = 3 },
            },
            data,
            new RunDirectory(folder["parts"]),
            TimeProvider.System,
            teachers: teachers
        );

        Assert.True(whole.Run() && parts.Run());

        Assert.Equal(1, parts.Epochs[0].Loss / whole.Epochs[0].Loss, 1e-5);
        Assert.Equal(1, parts.Epochs[0].HeldOutLoss!.Value / whole.Epochs[0].HeldOutLoss!.Value, 1e-5);
    }

    [Fact]
    public void Run_TeacherAlone_ComesToPredictWhatItPredicts()
    {
        using TempFolder folder = new();
        using var teacher = Network(5);
        using Teachers teachers = new([new NetworkTeacher(teacher)]);
        using Trainer trainer = Student(folder["run"], Taught, teachers);
        var before = Distance(trainer.State.Network, teacher);

        Assert.True(trainer.Run());

        Assert.InRange(Distance(trainer.State.Network, teacher), 0, 0.5 * before);
    }

    [Fact]
    public void Run_StoppedAndResumed_EndsWithTheSameBits()
    {
        var recipe = Taught with { Epochs = 2, TeacherWeight = 0.5 };
        using TempFolder folder = new();
        using var network = Network(5);
        using Teachers teachers = new([new NetworkTeacher(network)]);
        using (var whole = Student(folder["whole"], recipe, teachers))
            whole.Run();
        using (CancellationTokenSource stop = new())
        using (var begun = Student(folder["parts"], recipe, teachers))
            Assert.False(begun.Run(onStep: _ => stop.Cancel(), cancellation: stop.Token));
        using (var resumed = Student(folder["parts"], recipe, teachers))
        {
            resumed.Resume();
            Assert.True(resumed.Run());
        }

        Assert.Equal(
            File.ReadAllBytes(new RunDirectory(folder["whole"]).WeightsFile),
            File.ReadAllBytes(new RunDirectory(folder["parts"]).WeightsFile)
        );
    }

    /// <summary>A bundle's integers are asked about what the run sees, whichever input they take.</summary>
    [Theory]
    [InlineData(InputType.Float32)]
    [InlineData(InputType.UInt8)]
    public void Logits_Integers_AreWhatTheBundleAnswers(InputType input)
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var bundle = Integers(folder, "int8", input);
        var (model, manifest) = bundle.Read();
        using OnnxRunner runner = new(model);
        var (shape, preprocessing) = (runner.Input, manifest.Preprocessing);
        var images = Pixels.Noise(shape, 3).SelectMany(image => image).ToArray();
        var normalised = Pixels.Normalise(images, shape.Height * shape.Width, preprocessing);
        List<string> said = [];

        using var teacher = TeacherSource.Open(bundle.Path, said.Add)!.Build(manifest.Labels, threads: 1, CPU);
        using var scope = NewDisposeScope();
        var logits = teacher.Logits(PixelTensor.Of(normalised, shape)).data<float>().ToArray();

        Assert.Equal(runner.Run(runner.TakesPixels ? images : normalised), logits);
        Assert.Contains("8-bit integers", Assert.Single(said), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => TeacherSource.Open(bundle.Path, said.Add)!.Build(["other"], threads: 1, CPU));
    }

    /// <summary>The weighted mean of what the members answer, each at its own temperature, as the service combines them.</summary>
    [Fact]
    public void Logits_Ensemble_GiveTheServicesProbabilities()
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var (model, manifest) = Integers(folder, "models/one/1", InputType.Float32).Read();
        new BundleFolder(folder.In("models/two/1")).Write(model, manifest with { TemperatureScaling = new(2) });
        Directory.CreateDirectory(folder.In("models/both/1"));
        EnsembleDefinition ensemble = new() { Members = [new("one", Weight: 3), new("two")] };
        File.WriteAllBytes(folder.In("models/both/1/ensemble.json"), EnsembleJson.Write(ensemble));
        List<string> said = [];
        using var scope = NewDisposeScope();
        var pixels = randn(2, 3, manifest.Input.Height, manifest.Input.Width);

        var source = TeacherSource.Open(folder.In("models/both"), said.Add)!;
        using var teacher = source.Build(manifest.Labels, threads: 1, CPU);
        using OnnxRunner runner = new(model);
        var scores = tensor(runner.Run(pixels.data<float>().ToArray())).reshape(2, -1);

        var expected = (0.75 * nn.functional.softmax(scores, 1)) + (0.25 * nn.functional.softmax(scores / 2, 1));
        Assert.InRange((nn.functional.softmax(teacher.Logits(pixels), 1) - expected).abs().max().item<float>(), 0, 1e-6);
        Assert.Equal(("ensemble", 2), (source.Origin.Kind, said.Count));
        Assert.Null(source.SeeingOtherwise(manifest.Input.Height, manifest.Preprocessing));
        var other = source.SeeingOtherwise(manifest.Input.Height, manifest.Preprocessing with { Scale = 2 });
        Assert.EndsWith("one/1", other!.Origin.Source, StringComparison.Ordinal);
        var started = Assert.Throws<InvalidDataException>(() =>
            InitialNetworks.Open(new ImportRequest("", folder.In("models/both")), said.Add)
        );
        Assert.Contains("is an ensemble", started.Message, StringComparison.Ordinal);
    }

    /// <summary>An ensemble is another when a member's weight is: a resumed run must not go on with it unnoticed.</summary>
    [Fact]
    public void Open_EnsembleOfOtherWeights_HasAnotherHash()
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var (model, manifest) = Integers(folder, "models/one/1", InputType.Float32).Read();

        var hashes = new[] { Hash(1, 1), Hash(2, 1), Hash(1, 2), Hash(1, 1) };

        Assert.Equal(3, hashes.Distinct().Count());
        Assert.Equal(hashes[0], hashes[^1]);

        string Hash(double weight, double temperature)
        {
            new BundleFolder(folder.In("models/two/1")).Write(model, manifest with { TemperatureScaling = new(temperature) });
            Directory.CreateDirectory(folder.In("models/both/1"));
            EnsembleDefinition ensemble = new() { Members = [new("one"), new("two", Weight: weight)] };
            File.WriteAllBytes(folder.In("models/both/1/ensemble.json"), EnsembleJson.Write(ensemble));
            return TeacherSource.Open(folder.In("models/both"), _ => { })!.Origin.Sha256;
        }
    }

    /// <summary>A softmax of what is none would teach something else.</summary>
    [Theory]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.None)]
    public void Open_OutputThatIsNotLogitsOfOneClass_IsRefused(Activation activation)
    {
        using var folder = new TrainedRunFolder("googlenet-bn");
        var bundle = Integers(folder, "int8", InputType.Float32);
        var (model, manifest) = bundle.Read();
        bundle.Write(model, manifest with { Activation = activation });

        var error = Assert.Throws<InvalidDataException>(() => TeacherSource.Open(bundle.Path, _ => { }));

        Assert.Contains("cannot teach", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Denormalise_BeyondThePixels_CutsOff() =>
        Assert.Equal(
            [0, 10, 255],
            Pixels
                .Denormalise(
                    Pixels.Normalise([-3, 10, 300], 1, TinyRun.Record(Taught).Preprocessing),
                    1,
                    TinyRun.Record(Taught).Preprocessing
                )
                .Select(pixel => (int)MathF.Round(pixel))
        );

    /// <summary>The bundle and its card say from whom a network learned.</summary>
    [Fact]
    public void Provenance_Teachers_AreNamedWithoutTheirFolders()
    {
        RunInit run = new("/home/somebody/runs/large", "run", "ab12");
        RunInit bundle = new("models/cifar10-xception/1", "bundle", "cd34");

        var taught = ModelMetadata.Provenance(TinyRun.Record(Taught) with { Teachers = [run, bundle] });

        Assert.Equal("large (run, sha256 ab12); cifar10-xception/1 (bundle, sha256 cd34)", taught["teachers"]);
        Assert.DoesNotContain("teachers", ModelMetadata.Provenance(TinyRun.Record(Taught)).Keys);
    }

    private static BundleFolder Integers(TrainedRunFolder folder, string name, InputType input)
    {
        BundleFolder bundle = new(folder.In(name));
        new RunExport(TrainedRun.Read(folder.Run), TimeProvider.System, _ => { })
        {
            Format = new ExportFormat(Precision.Int8, input),
            RangeImages = new ActivationRangeImages(folder.Data.Train, folder.Data.HeldOut),
        }.Write(bundle, folder.Data, [CropMode.Single]);
        return bundle;
    }

    private static Trainer Student(string folder, Recipe recipe, Teachers teachers) =>
        new(TinyRun.Record(recipe), TinyRun.Data, new RunDirectory(folder), TimeProvider.System, teachers: teachers);

    private static NetworkModule Network(int seed)
    {
        random.manual_seed(seed);
        return new NetworkModule(RunNetworks.Build(TinyRun.Record(TinyRun.Recipe).Network with { Aux = false }));
    }

    private static Tensor Softened(Tensor logits) => nn.functional.softmax(logits.detach() / tensor((float)Temperature), 1);

    /// <summary>The loss of a step and its gradients, of a network without auxiliary classifiers, which learn from labels alone.</summary>
    private static (double Loss, double Gradients) Learned(Teachers? teachers, double weight, int label)
    {
        var record = TinyRun.Record(Taught with { TeacherWeight = weight });
        record = record with { Network = record.Network with { Aux = false } };
        using var state = TrainingState.Create(record, stepsPerEpoch: 1);
        using var batch = Batch(label);
        state.Network.train();
        var loss = new TrainingStep(record, teachers: teachers).Gradients(state.Network, batch, Range.All, step: 1);
        return (loss, state.Network.parameters().Sum(parameter => parameter.grad!.abs().sum().item<float>()));
    }

    /// <summary>Mean distance of the softened probabilities on the training images.</summary>
    private static double Distance(NetworkModule one, NetworkModule other)
    {
        using var scope = NewDisposeScope();
        using var evaluating = one.Evaluating();
        using var batch = Batch(null);
        var pixels = PixelTensor.Of(batch.PixelsOf(Range.All), one.Network.Input.Output);
        return (Softened(one.forward(pixels).Logits) - Softened(other.forward(pixels).Logits)).abs().mean().item<float>();
    }

    private static Batch Batch(int? label)
    {
        var record = TinyRun.Record(Taught);
        var images = TinyRun.Data.Train;
        TrainingCrops crops = new(record.Preprocessing, record.Network.InputSize, record.Recipe.Augmentation, record.Seed);
        BatchLoader loader = new(images, 3 * 28 * 28, ahead: 1, TimeProvider.System);
        var batch = loader
            .Read([.. Enumerable.Range(0, images.Count)], new BatchPlan(images.Count, images.Count), crops.ForEpoch(0))
            .Single();
        if (label is { } one)
            Array.Fill(batch.Labels, one);
        return batch;
    }
}
