using System.CommandLine;
using Saccade.TestSupport;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Commands.Train;
using Saccade.Training.Data;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Recipes;
using Saccade.Training.Tests.Data;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class RunOptionsTests
{
    [Fact]
    public void Start_SmallImages_SeesThemWholeAndLeavesRoomToLookAround()
    {
        using TempFolder folder = new();
        var record = Start(folder, "--arch googlenet-bn --input 28 --width 0.25 --no-aux --seed 9 --dropout 0.1 --epochs 3").Record;

        Assert.Equal((28, 32), (record.Preprocessing.ResizeShorterSide, record.Preprocessing.MultiCropShorterSide));
        Assert.Equal(
            new RunNetwork
            {
                Architecture = "googlenet-bn",
                Classes = 2,
                Width = 0.25,
                InputSize = 28,
                Dropout = 0.1,
                Stem = Stem.Quarter,
                Variant = "torchvision",
                Traits = GoogLeNet.Normalised.Variants[0].Traits,
            },
            record.Network
        );
        Assert.Equal((9, 3, "Half and half."), (record.Seed, record.Recipe.Epochs, record.Data.Split));
        Assert.Equal(record.Preprocessing.Mean[0], record.Preprocessing.Mean[2]);
    }

    [Fact]
    public void Start_PublishedSize_ResizesToAnEighthMore()
    {
        using TempFolder folder = new();
        var record = Start(folder, "--arch googlenet").Record;

        Assert.Equal(
            (224, 256, 256),
            (record.Network.InputSize, record.Preprocessing.ResizeShorterSide, record.Preprocessing.MultiCropShorterSide)
        );
        Assert.Equal(NamedRecipes.All[NamedRecipes.SmallData], record.Recipe);
    }

    [Theory]
    [InlineData("", "--arch")]
    [InlineData("--arch googlenet --recipe none", "none")]
    [InlineData("--arch googlenet --limit 0", "--limit")]
    [InlineData("--arch googlenet --threads 0", "--threads")]
    [InlineData("--arch googlenet --evaluate-every 0", "--evaluate-every")]
    [InlineData("--arch googlenet --replicas 0", "--replicas")]
    [InlineData("--arch googlenet --teacher-weight 0.5", "--teacher")]
    [InlineData("--arch googlenet --teacher nowhere", "--teacher 'nowhere'")]
    [InlineData("--arch googlenet --init-state ema", "--init")]
    [InlineData("--arch googlenet --preprocess tf", "--init")]
    public void Start_BadOption_SaysWhich(string arguments, string named)
    {
        using TempFolder folder = new();

        Assert.Contains(named, Assert.Throws<CommandException>(() => Start(folder, arguments)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("--replicas 3", ReplicaMode.Sync)]
    [InlineData("--replicas 3 --mode sync", ReplicaMode.Sync)]
    [InlineData("--mode async --replicas 3", ReplicaMode.Async)]
    public void Start_Replicas_AreRecorded(string arguments, ReplicaMode? mode)
    {
        using TempFolder folder = new();

        Assert.Equal(
            mode is { } given ? new RunReplicas(3, given) : null,
            Start(folder, $"--arch googlenet-bn --input 28 {arguments}").Record.Replicas
        );
    }

    [Theory]
    [InlineData("xception-imagenet", "", 0.5, false)]
    [InlineData("googlenet-paper", "", 0.4, true)]
    [InlineData("googlenet-paper", "--dropout 0.1", 0.1, true)]
    [InlineData("small-data", "", null, true)]
    [InlineData("small-data", "--aux-weight 0", null, false)]
    public void Start_Recipe_DecidesDropoutAndAux(string recipe, string arguments, double? dropout, bool aux)
    {
        using TempFolder folder = new();
        var network = Start(folder, $"--arch googlenet-bn --input 28 --recipe {recipe} {arguments}").Record.Network;

        Assert.Equal((dropout, aux), (network.Dropout, network.Aux));
    }

    [Theory]
    [InlineData("--arch nonet")]
    [InlineData("--arch googlenet --width 9")]
    [InlineData("--arch googlenet --variant none")]
    [InlineData("--arch googlenet --residual false")]
    public void Start_NoSuchNetwork_IsRefused(string arguments)
    {
        using TempFolder folder = new();

        Assert.Throws<NetworkException>(() => Start(folder, arguments));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("--arch googlenet-bn --lr 0.3 --seed 1 --limit 2", true)]
    [InlineData("--arch googlenet", false)]
    [InlineData("--lr 0.2", false)]
    [InlineData("--seed 2", false)]
    [InlineData("--width 0.5", false)]
    [InlineData("--limit 1", false)]
    [InlineData("--per-class 1", false)]
    [InlineData("--init somewhere", false)]
    [InlineData("--freeze backbone", false)]
    [InlineData("--no-aux", false)]
    [InlineData("--threads 7", false)]
    [InlineData("--evaluate-every 7", false)]
    [InlineData("--replicas 2", true)]
    [InlineData("--mode async", true)]
    [InlineData("--mode sync", false)]
    [InlineData("--replicas 3", false)]
    [InlineData("--stem quarter --variant torchvision --pool4 2", true)]
    [InlineData("--stem half", false)]
    [InlineData("--variant tf-slim", false)]
    [InlineData("--pool4 3", false)]
    public void Continue_OptionsGivenAgain_MustAgree(string arguments, bool agrees)
    {
        using TempFolder folder = new();
        var record = Start(folder, "--arch googlenet-bn --input 28 --lr 0.3 --limit 2 --threads 2 --replicas 2 --mode async").Record;
        new RunDirectory(folder["run"]).WriteRecord(record);
        RunOptions options = new();
        var parsed = Parse(options, $"{arguments} --resume --out {folder["run"]}");

        if (agrees)
            Assert.Equal(record.Recipe, options.Continue(parsed).Record.Recipe);
        else
            Assert.Throws<CommandException>(() => options.Continue(parsed));
    }

    [Fact]
    public void Continue_DataChanged_IsRefused()
    {
        using TempFolder folder = new();
        new RunDirectory(folder["run"]).WriteRecord(Start(folder, "--arch googlenet-bn --input 28").Record);
        File.WriteAllLines(folder["data", "labels.txt"], ["cat", "horse"]);
        RunOptions options = new();

        Assert.Throws<CommandException>(() => options.Continue(Parse(options, $"--resume --out {folder["run"]}")));
    }

    [Fact]
    public void Continue_ImageFiles_AreTheSameAndNotOpenedAgain()
    {
        using LabelledFolder photos = new();
        photos.Fill("cat", 12).Fill("dog", 12).Write("cat/bad.png", "no image");
        var (record, first) = Begin(photos, "--per-class 5 --skip-unreadable");
        // Training stops at this file if it comes to it; going on does not look.
        photos.Write("cat/3.png", new byte[new FileInfo(photos.In("cat/3.png")).Length]);

        RunOptions options = new();
        var (_, again) = options.Continue(Parse(options, $"--resume --out {photos.In(".run")}"));

        Assert.Equal(["cat/bad.png"], record.Data.Files!.Unreadable);
        Assert.Equal(10, again.Train.Count);
        Assert.Equal(LabelledFolder.Files(first.Train), LabelledFolder.Files(again.Train));
        Assert.Equal(LabelledFolder.Files(first.HeldOut), LabelledFolder.Files(again.HeldOut));
    }

    [Fact]
    public void Continue_ImageFileReplaced_IsRefused()
    {
        using LabelledFolder photos = new();
        photos.Fill("cat", 12).Fill("dog", 12);
        Begin(photos, "");
        photos.Write("dog/4.png", TestImages.Png(9, 9));

        RunOptions options = new();
        var error = Assert.Throws<CommandException>(() => options.Continue(Parse(options, $"--resume --out {photos.In(".run")}")));

        Assert.Equal(
            $"The data in '{photos.Path}' is not what the run began with: of 24 files some were added, removed, moved or replaced "
                + "since. A resumed run trains on the same images; start a new run with these.",
            error.Message
        );
    }

    /// <summary>A run as versions before wrote it, which did not note the files.</summary>
    [Fact]
    public void Continue_FilesNotNoted_AreCheckedAsAtTheStart()
    {
        using LabelledFolder photos = new();
        photos.Fill("cat", 12).Fill("dog", 12).Write("cat/bad.png", "no image");
        var (record, first) = Begin(photos, "--skip-unreadable");
        new RunDirectory(photos.In(".run")).WriteRecord(record with { Data = record.Data with { Files = null } });

        RunOptions options = new();
        var (_, again) = options.Continue(Parse(options, $"--resume --out {photos.In(".run")}"));

        Assert.Equal(LabelledFolder.Files(first.Train), LabelledFolder.Files(again.Train));
    }

    private static (RunRecord Record, DataSet Data) Begin(LabelledFolder photos, string arguments)
    {
        RunOptions options = new();
        var parsed = Parse(options, $"--arch googlenet-bn --input 28 {arguments} --data {photos.Path} --out {photos.In(".run")}");
        var (record, data, _, _) = options.Start(parsed, _ => { });
        new RunDirectory(photos.In(".run")).WriteRecord(record);
        return (record, data);
    }

    private static (RunRecord Record, DataSet Data) Start(TempFolder folder, string arguments)
    {
        var images = new IdxFile([2, 28, 28], [.. Enumerable.Range(0, 2 * 784).Select(value => (byte)value)]);
        var labels = new IdxFile([2], [0, 1]);
        IdxFolder.Write(folder["data"], (images, labels), (images, labels), ["cat", "dog"], "Half and half.");
        RunOptions options = new();
        var (record, data, _, _) = options.Start(Parse(options, $"{arguments} --data {folder["data"]} --out {folder["run"]}"), _ => { });
        return (record, data);
    }

    private static ParseResult Parse(RunOptions options, string arguments)
    {
        RootCommand command = new();
        foreach (var option in options.Options)
            command.Add(option);
        return command.Parse(arguments);
    }
}
