using System.IO.Compression;
using Saccade.Training.Import;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>Files that torch wrote (<c>Fixtures/make.py</c>), and what newer versions of it add to them.</summary>
public sealed class TorchFileTests
{
    private const string Averaged = """
        import sys, torch
        weights = lambda value: {"fc.weight": torch.full((1,), value)}
        torch.save({"state_dict": weights(1.0), "state_dict_ema": weights(2.0), "optimizer": {"state": {}}}, sys.argv[1])
        """;

    private static readonly float[] Six = [-1, -0.75f, -0.5f, -0.25f, 0, 0.25f];

    [Theory]
    [InlineData("views.pth", "torch zip archive")]
    [InlineData("views-legacy.pth", "torch legacy file")]
    public void Open_EveryKindOfView_GivesItsValues(string name, string format)
    {
        using var file = WeightsFile.Open(TorchFiles.Fixture(name));

        Assert.Equal(format, file.Format);
        Assert.Equal(13, file.Tensors.Count);
        AssertTensor(file, "plain", [2, 3], Six);
        AssertTensor(file, "half", [2, 3], Six);
        AssertTensor(file, "brain", [2, 3], Six);
        AssertTensor(file, "double", [2, 3], Six);
        AssertTensor(file, "transposed", [2, 3], [-1, -0.5f, 0, -0.75f, -0.25f, 0.25f]);
        AssertTensor(file, "sliced", [2, 3], [0.5f, 1, 1.5f, 2, 2.5f, 3]);
        AssertTensor(file, "first", [5], Six[..5]);
        AssertTensor(file, "second", [7], [0.25f, 0.5f, 0.75f, 1, 1.25f, 1.5f, 1.75f]);
        AssertTensor(file, "repeated", [2, 3], [-1, -0.75f, -0.5f, -1, -0.75f, -0.5f]);
        AssertTensor(file, "scalar", [], [1.5f]);
        AssertTensor(file, "empty", [0, 4], []);
        AssertTensor(file, "parameter", [2, 2], Six[..4]);
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views-legacy.pth")]
    public void Read_Integers_SaysThatTheyAreNone(string name)
    {
        using var file = WeightsFile.Open(TorchFiles.Fixture(name));

        var error = Assert.Throws<InvalidDataException>(() =>
            file.Tensors.Single(tensor => tensor.Name.StartsWith("norm", StringComparison.Ordinal)).Read()
        );

        Assert.Equal("tensor 'norm.num_batches_tracked' is of type Int64, not of floats", error.Message);
    }

    [PythonTheory("torch")]
    [InlineData(null, 1, "state_dict (there is state_dict_ema too)")]
    [InlineData("state_dict_ema", 2, "state_dict_ema (there is state_dict too)")]
    public async Task Open_CheckpointWithAnAverageToo_SaysWhichWasTaken(string? state, float value, string said)
    {
        using TempFolder folder = new();
        await PythonFactAttribute.RunAsync(Averaged, folder["averaged.pth"]);

        using var file = WeightsFile.Open(folder["averaged.pth"], state);

        Assert.Equal(said, file.State);
        Assert.Equal([value], Assert.Single(file.Tensors).Read());
        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["averaged.pth"], "ema"));
        Assert.Contains("it has no dictionary 'ema'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("module.pth", "")]
    [InlineData("module-legacy.pth", "")]
    [InlineData("checkpoint.pth", "module.")]
    [InlineData("checkpoint-legacy.pth", "module.")]
    public void Open_StateDictionaryBareOrInACheckpoint_FindsIt(string name, string prefix)
    {
        using var file = WeightsFile.Open(TorchFiles.Fixture(name));

        string[] names =
        [
            "conv.weight",
            "conv.bias",
            "bn.weight",
            "bn.bias",
            "bn.running_mean",
            "bn.running_var",
            "bn.num_batches_tracked",
        ];
        Assert.Equal(names.Select(one => prefix + one), file.Tensors.Select(tensor => tensor.Name));
        AssertTensor(file, $"{prefix}bn.running_var", [2], [5, 5]);
    }

    [Fact]
    public void Open_WholeModule_IsRefusedByTheNameOfItsClass()
    {
        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(TorchFiles.Fixture("whole-module.pth")));

        Assert.Contains("torch.nn.modules.container.Sequential", error.Message, StringComparison.Ordinal);
        Assert.Contains("state_dict()", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("little", null)]
    [InlineData("big", "byte order is 'big'")]
    public void Open_NewerTorch_ByteOrderDecides(string order, string? complaint)
    {
        using TempFolder folder = new();
        File.Copy(TorchFiles.Fixture("views.pth"), folder["a.pth"]);
        using (var archive = ZipFile.Open(folder["a.pth"], ZipArchiveMode.Update))
        {
            foreach (
                var (name, text) in new[]
                {
                    ("byteorder", order),
                    (".format_version", "1"),
                    (".storage_alignment", "64"),
                    (".data/serialization_id", "0123"),
                }
            )
            {
                using var entry = new StreamWriter(archive.CreateEntry($"views/{name}", CompressionLevel.NoCompression).Open());
                entry.Write(text);
            }
        }

        if (complaint is null)
        {
            using var file = WeightsFile.Open(folder["a.pth"]);
            AssertTensor(file, "plain", [2, 3], Six);
            return;
        }

        Assert.Contains(
            complaint,
            Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_BigEndianLegacy_IsRefused()
    {
        using TempFolder folder = new();
        var bytes = File.ReadAllBytes(TorchFiles.Fixture("views-legacy.pth"));
        var flag = bytes.AsSpan().IndexOf("little_endian"u8) + "little_endian"u8.Length;
        while (bytes[flag] != 0x88)
            flag++;
        bytes[flag] = 0x89;
        File.WriteAllBytes(folder["a.pth"], bytes);

        Assert.Contains(
            "only such files are read",
            Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_UntypedStorageOfNewerTorch_TakesTheTypeFromTheTensor()
    {
        using TempFolder folder = new();
        var pickle = PickleBytes
            .Start.Code('}')
            .Text("w")
            .Global("torch._utils", "_rebuild_tensor_v3")
            .Mark()
            .Mark()
            .Text("storage")
            .Global("torch.storage", "UntypedStorage")
            .Text("0")
            .Text("cuda:0")
            .Int(8)
            .Code('t')
            .Code('Q')
            .Int(1)
            .Tuple(1)
            .Tuple(1)
            .Raw(0x89)
            .Code('}')
            .Global("torch", "float32")
            .Code('t')
            .Code('R')
            .Code('s')
            .Stop();
        TorchFiles.WriteZip(folder["a.pth"], pickle, ("data/0", [.. BitConverter.GetBytes(3f), .. BitConverter.GetBytes(4f)]));

        using var file = WeightsFile.Open(folder["a.pth"]);

        AssertTensor(file, "w", [1], [4]);
    }

    private static void AssertTensor(WeightsFile file, string name, long[] shape, float[] values)
    {
        var tensor = file.Tensors.Single(one => one.Name == name);
        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(values, tensor.Read());
    }
}
