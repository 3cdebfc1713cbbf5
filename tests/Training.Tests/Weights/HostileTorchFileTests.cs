using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Import;
using Saccade.Training.Weights;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>Files from a stranger: refused in one line, never executed, never larger in memory than they are on disk.</summary>
public sealed class HostileTorchFileTests
{
    private static readonly (string, byte[])[] FourFloats = [("data/0", new byte[16])];

    public static TheoryData<string, byte[], string> Pickles =>
        new()
        {
            { "a call of the system", Call("posix", "system", "true"), "asks for posix.system" },
            { "a call of eval", Call("builtins", "eval", "1"), "asks for builtins.eval" },
            { "another function of torch", Call("torch", "load", "x"), "asks for torch.load" },
            {
                "a name that hides in a module",
                Call("torch._utils", "_rebuild_tensor_v2.__globals__", "x"),
                "asks for torch._utils._rebuild_tensor_v2.__globals__"
            },
            { "a name on the stack", PickleBytes.Start.Text("os").Text("system").Raw(0x93).Stop(), "asks for os.system" },
            { "a name with control characters", PickleBytes.Start.Global("o\u0007s", "x\ty").Stop(), "asks for o?s.x?y" },
            { "an object made", PickleBytes.Start.Global("torch", "Size").Code(')').Raw(0x81).Stop(), "operation 0x81" },
            { "an instance", PickleBytes.Start.Mark().Code('i').Stop(), "operation 0x69" },
            { "an extension", PickleBytes.Start.Raw(0x82, 1).Stop(), "operation 0x82" },
            {
                "a state for a tensor",
                PickleBytes.Start.Tensor("FloatStorage", "0", 4, 0, [4], [1]).Code('}').Code('b').Stop(),
                "gives a state"
            },
            { "a call of a number", PickleBytes.Start.Int(1).Code(')').Code('R').Stop(), "calls what is no function" },
            { "a later protocol", new PickleBytes().Raw(0x80, 9).Stop(), "protocol 9" },
            { "an empty stack", PickleBytes.Start.Stop(), "takes more from its stack" },
            { "a lone mark", PickleBytes.Start.Mark().Stop(), "takes more from its stack" },
            { "no mark", PickleBytes.Start.Code('t').Stop(), "takes more from its stack" },
            { "an append to a number", PickleBytes.Start.Int(1).Int(2).Code('a').Stop(), "appends to what is no list" },
            { "an item set in a number", PickleBytes.Start.Int(1).Int(2).Int(3).Code('s').Stop(), "what is no dictionary" },
            { "a key without a value", PickleBytes.Start.Code('}').Mark().Int(1).Code('u').Stop(), "key without a value" },
            { "a memory of nothing", PickleBytes.Start.Code('h').Raw(5).Stop(), "recalls 5" },
            { "no end", PickleBytes.Start.ToArray(), "ends in the middle" },
            { "a text of four gigabytes", PickleBytes.Start.Code('X').Raw(0xff, 0xff, 0xff, 0xff).ToArray(), "ends in the middle" },
            { "a text of more than 63 bits", PickleBytes.Start.Raw(0x8d).Raw([.. Enumerable.Repeat((byte)0xff, 8)]).ToArray(), "63 bits" },
            { "a number of two gigabytes", PickleBytes.Start.Raw(0x8b, 0xff, 0xff, 0xff, 0x7f).ToArray(), "ends in the middle" },
            { "an endless line", PickleBytes.Start.Code('c').Raw([.. Enumerable.Repeat((byte)'a', 1000)]).ToArray(), "endless line" },
            { "a number for a model", PickleBytes.Start.Int(7).Stop(), "no dictionary of tensors" },
            { "a dictionary without tensors", PickleBytes.Start.Code('}').Text("lr").Int(1).Code('s').Stop(), "holds no tensors" },
            {
                "a dictionary that holds itself",
                PickleBytes.Start.Code('}').Code('q').Raw(0).Text("model").Code('h').Raw(0).Code('s').Stop(),
                "no dictionary of tensors"
            },
            {
                "a list that holds itself",
                PickleBytes.Start.Code(']').Code('q').Raw(0).Code('h').Raw(0).Code('a').Stop(),
                "no dictionary of tensors"
            },
            { "a persistent id of another kind", PickleBytes.Start.Text("x").Code('Q').Stop(), "no storage" },
            { "a tensor longer than its storage", PickleBytes.One("FloatStorage", "0", 4, 0, [5], [1]), "reaches beyond its storage" },
            { "an offset beyond the storage", PickleBytes.One("FloatStorage", "0", 4, 4, [1], [1]), "reaches beyond its storage" },
            { "a negative offset", PickleBytes.One("FloatStorage", "0", 4, -1, [1], [1]), "reaches beyond its storage" },
            { "a stride beyond the storage", PickleBytes.One("FloatStorage", "0", 4, 0, [2], [4]), "reaches beyond its storage" },
            { "a negative stride", PickleBytes.One("FloatStorage", "0", 4, 3, [2], [-1]), "size or stride that is none" },
            { "a negative size", PickleBytes.One("FloatStorage", "0", 4, 0, [-2], [1]), "size or stride that is none" },
            { "sizes without strides", PickleBytes.One("FloatStorage", "0", 4, 0, [2, 2], [1]), "2 sizes and 1 strides" },
            {
                "a hundred axes",
                PickleBytes.One("FloatStorage", "0", 4, 0, [.. Enumerable.Repeat(1, 100)], [.. Enumerable.Repeat(1, 100)]),
                "100 axes"
            },
            { "a storage of another length", PickleBytes.One("FloatStorage", "0", 5, 0, [4], [1]), "16 bytes where 20 are declared" },
            { "a storage of negative length", PickleBytes.One("FloatStorage", "0", -4, 0, [4], [1]), "declares -4 elements" },
            {
                "one storage of two types",
                PickleBytes
                    .Start.Code('}')
                    .Text("a")
                    .Tensor("FloatStorage", "0", 4, 0, [4], [1])
                    .Code('s')
                    .Text("b")
                    .Tensor("IntStorage", "0", 4, 0, [4], [1])
                    .Code('s')
                    .Stop(),
                "declared in two ways"
            },
            {
                "one name for two tensors",
                PickleBytes
                    .Start.Code('}')
                    .Text("a")
                    .Tensor("FloatStorage", "0", 4, 0, [4], [1])
                    .Code('s')
                    .Text("a")
                    .Tensor("FloatStorage", "0", 4, 0, [2], [1])
                    .Code('s')
                    .Stop(),
                "two tensors named 'a'"
            },
            { "a quantised storage", PickleBytes.One("QUInt8Storage", "0", 4, 0, [4], [1]), "asks for torch.QUInt8Storage" },
        };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void Open_HostilePickle_IsRefusedWithTheReason(string what, byte[] pickle, string complaint)
    {
        using TempFolder folder = new();
        TorchFiles.WriteZip(folder["a.pth"], pickle, FourFloats);

        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"]));

        Assert.True(error.Message.Contains(complaint, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_StorageMissing_SaysWhich()
    {
        using TempFolder folder = new();
        TorchFiles.WriteZip(folder["a.pth"], PickleBytes.One("FloatStorage", "7", 4, 0, [4], [1]), FourFloats);
        using var file = WeightsFile.Open(folder["a.pth"]);

        Assert.Equal("storage '7' is not in the file", Assert.Throws<InvalidDataException>(() => file.Tensors[0].Read()).Message);
    }

    [Fact]
    public void Read_ViewThatRepeatsOneValueToTerabytes_IsRefusedBeforeMemoryIsTaken()
    {
        using TempFolder folder = new();
        TorchFiles.WriteZip(folder["a.pth"], PickleBytes.One("FloatStorage", "0", 4, 0, [1 << 20, 1 << 20], [0, 0]), FourFloats);
        using var file = WeightsFile.Open(folder["a.pth"]);

        Assert.Contains(
            "larger than any that is read",
            Assert.Throws<InvalidDataException>(() => file.Tensors[0].Read()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_AHundredThousandNestedLists_IsReadWithoutRecursion()
    {
        using TempFolder folder = new();
        var pickle = PickleBytes
            .Start.Raw([.. Enumerable.Repeat((byte)']', 100_000)])
            .Raw([.. Enumerable.Repeat((byte)'a', 99_999)])
            .Stop();
        TorchFiles.WriteZip(folder["a.pth"], pickle);

        Assert.Contains(
            "no dictionary",
            Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_EndlessSteps_StopsCounting()
    {
        using TempFolder folder = new();
        TorchFiles.WriteZip(folder["a.pth"], PickleBytes.Start.Raw([.. Enumerable.Repeat((byte)'N', 4_100_000)]).ToArray());

        Assert.Contains(
            "steps",
            Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_CompressedArchive_IsRefused()
    {
        using TempFolder folder = new();
        using (
            var archive = new System.IO.Compression.ZipArchive(File.Create(folder["a.pth"]), System.IO.Compression.ZipArchiveMode.Create)
        )
        using (var entry = archive.CreateEntry("archive/data.pkl", System.IO.Compression.CompressionLevel.SmallestSize).Open())
            entry.Write(new byte[1 << 20]);

        Assert.Contains(
            "compressed",
            Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"])).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views-legacy.pth")]
    [InlineData("checkpoint.pth")]
    [InlineData("checkpoint-legacy.pth")]
    public void Open_CutAnywhere_IsReadOrRefused(string name)
    {
        var whole = File.ReadAllBytes(TorchFiles.Fixture(name));
        using TempFolder folder = new();
        for (var length = 0; length < whole.Length; length += 13)
            OpenAndReadOrRefuse(folder["a.pth"], whole[..length]);
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views-legacy.pth")]
    public void Open_BytesChangedAnywhere_IsReadOrRefused(string name)
    {
        var whole = File.ReadAllBytes(TorchFiles.Fixture(name));
        using TempFolder folder = new();
        Prop.ForAll<int, byte, byte>(
                (at, first, second) =>
                {
                    var changed = whole.ToArray();
                    var start = (int)((uint)(at * 7919) % (uint)(whole.Length - 1));
                    (changed[start], changed[start + 1]) = (first, second);
                    OpenAndReadOrRefuse(folder["a.pth"], changed);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(600));
    }

    [Fact]
    public void Open_AnyPickle_IsReadOrRefused()
    {
        using TempFolder folder = new();
        Prop.ForAll<byte[]>(steps =>
            {
                TorchFiles.WriteZip(folder["a.pth"], [0x80, 2, .. steps, (byte)'.']);
                OpenAndReadOrRefuse(folder["a.pth"], File.ReadAllBytes(folder["a.pth"]));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Theory]
    [InlineData(new byte[0], "it is empty")]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0 }, "gzipped")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, "no known format")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 127, (byte)'{' }, "no known format")]
    public void Open_AnotherFormat_SaysWhatIsRead(byte[] content, string complaint)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["a.pth"], content);

        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(folder["a.pth"]));

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.Contains(".safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFile_SaysSo() =>
        Assert.Equal(
            "there is no weights file 'nowhere.pth'",
            Assert.Throws<InvalidDataException>(() => WeightsFile.Open("nowhere.pth")).Message
        );

    private static void OpenAndReadOrRefuse(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        try
        {
            using var file = WeightsFile.Open(path);
            foreach (var tensor in file.Tensors)
                ReadOrRefuse(tensor);
        }
        catch (InvalidDataException)
        {
            // The only refusal that callers know.
        }
    }

    private static void ReadOrRefuse(StoredTensor tensor)
    {
        // A changed size may still fit its storage by repeating it; what an import asks for is small.
        if (tensor.Shape.Aggregate(1.0, (product, size) => product * size) > 1e6)
            return;
        try
        {
            tensor.Read();
        }
        catch (InvalidDataException)
        {
            // As above.
        }
    }

    private static byte[] Call(string module, string name, string argument) =>
        PickleBytes.Start.Global(module, name).Mark().Text(argument).Code('t').Code('R').Stop();
}
