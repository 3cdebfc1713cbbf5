using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Import;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>HDF5 files and archives from a stranger: refused in one line, whatever is in them, without following them anywhere.</summary>
public sealed class HostileHdf5Tests : IDisposable
{
    private const string Script = """
        import sys, h5py, numpy
        case, path = sys.argv[1:]
        with h5py.File(path, "w", libver="latest" if case.endswith("-new") else "earliest") as file:
            file.attrs["layer_names"] = [b"a"]
            group = file if case.startswith("none") else file.create_group("a")
            group.attrs["weight_names"] = [b"a/kernel:0"]
            ones = numpy.ones((2, 3), "f4")
            kernel = "a/kernel:0"
            match case.removesuffix("-new"):
                case "sound":
                    group[kernel] = ones
                case "packed":
                    group.create_dataset(kernel, data=ones, compression="gzip", shuffle=True)
                case "half":
                    group[kernel] = ones.astype("f2")
                case "double":
                    group[kernel] = ones.astype("f8")
                case "brain":
                    group.create_dataset(kernel, data=(ones.view("u4") >> 16).astype("u2").view("V2"))
                    group[kernel].attrs["dtype"] = "bfloat16"
                case "swapped":
                    group[kernel] = ones.astype(">f4")
                case "integers":
                    group[kernel] = ones.astype("i4")
                case "missing":
                    pass
                case "outside":
                    group.create_dataset(kernel, (2, 3), "f4", external=[(sys.executable, 0, 24)])
                case "elsewhere":
                    with h5py.File(path + ".other", "w") as other:
                        other["data"] = ones
                    group[kernel] = h5py.ExternalLink(path + ".other", "/data")
                case "virtual":
                    with h5py.File(path + ".other", "w") as other:
                        other["data"] = ones
                    layout = h5py.VirtualLayout((2, 3), "f4")
                    layout[:] = h5py.VirtualSource(path + ".other", "data", (2, 3))
                    group.create_virtual_dataset(kernel, layout)
                case "empty":
                    group.create_dataset(kernel, (2, 3), "f4")
                case "huge":
                    group.create_dataset(kernel, (1 << 40, 1 << 10), "f4", chunks=(1, 1))
                case "large-pieces":
                    group.create_dataset(kernel, (2, 3), "f4", maxshape=(None, None), chunks=(1 << 14, 1 << 14))
                case "circle":
                    group["a/x"] = h5py.SoftLink("/a/a/kernel:0")
                    group[kernel] = h5py.SoftLink("/a/a/x")
                case "groups-in-circles":
                    del file.attrs["layer_names"]
                    layers = file.create_group("layers")
                    layers["functional"] = file["/"]
                case "no-keras":
                    del file.attrs["layer_names"]
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonTheory("h5py")]
    [InlineData("sound")]
    [InlineData("sound-new")]
    [InlineData("packed")]
    [InlineData("packed-new")]
    [InlineData("half")]
    [InlineData("double")]
    [InlineData("brain")]
    public async Task Open_Sound_GivesItsValues(string which)
    {
        using var file = WeightsFile.Open(await Make(which));

        var tensor = Assert.Single(file.Tensors);
        Assert.Equal("a/kernel:0", tensor.Name);
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal([1, 1, 1, 1, 1, 1], tensor.Read());
    }

    [PythonTheory("h5py")]
    [InlineData("swapped", "the HDF5 file is broken: Byte order conversion")]
    [InlineData("integers", "tensor 'a/kernel:0' is not of floats")]
    [InlineData("missing", "tensor 'a/kernel:0' is listed and not there")]
    [InlineData("none", "the HDF5 file is broken: Could not find part of the path 'a'")]
    [InlineData("outside", "tensor 'a/kernel:0' has no data inside the file")]
    [InlineData("elsewhere", "tensor 'a/kernel:0' is listed and not there")]
    [InlineData("virtual", "tensor 'a/kernel:0' lies in other files")]
    [InlineData("empty", "tensor 'a/kernel:0' has no data inside the file")]
    [InlineData("huge", "tensor 'a/kernel:0' has a size of 1099511627776")]
    [InlineData("large-pieces", "tensor 'a/kernel:0' is stored in pieces larger than itself")]
    [InlineData("circle", "tensor 'a/kernel:0' is listed and not there")]
    [InlineData("circle-new", "tensor 'a/kernel:0' is listed and not there")]
    [InlineData("groups-in-circles", "lies deeper than 8 models in each other")]
    [InlineData("groups-in-circles-new", "lies deeper than 8 models in each other")]
    [InlineData("no-keras", "it is HDF5, but has neither Keras's layer_names nor its group 'layers'")]
    public async Task Open_Hostile_SaysWhyInALine(string which, string complaint)
    {
        var path = await Make(which);

        var error = Assert.Throws<InvalidDataException>(() => ReadAll(path));

        Assert.True(error.Message.Contains(complaint, StringComparison.Ordinal), error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(error.Message.Length, 1, 400);
    }

    [PythonTheory("h5py")]
    [InlineData("packed")]
    [InlineData("packed-new")]
    public async Task Open_CutShortOrChangedAnywhere_IsReadOrRefused(string which)
    {
        var whole = await File.ReadAllBytesAsync(await Make(which));
        var path = _folder["changed.h5"];
        void ReadsOrRefuses(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                ReadAll(path);
            }
            catch (InvalidDataException)
            {
                // The only refusal that callers know.
            }
        }

        for (var length = 0; length < whole.Length; length += 37)
            ReadsOrRefuses(whole[..length]);
        Prop.ForAll<int, byte>(
                (at, value) =>
                {
                    var changed = (byte[])whole.Clone();
                    changed[(uint)(at * 7919) % (uint)changed.Length] = value;
                    ReadsOrRefuses(changed);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void Open_ArchiveThatUnpacksTooLarge_IsRefusedBeforeMemoryIsTaken()
    {
        var path = _folder["bomb.keras"];
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using (var config = new StreamWriter(archive.CreateEntry("config.json").Open()))
                config.Write("""{"class_name":"Sequential","config":{"layers":[]}}""");
            using var weights = archive.CreateEntry("model.weights.h5").Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++)
                weights.Write(zeros);
        }

        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(path));

        Assert.Contains("model.weights.h5 is encrypted, or of 209715200 bytes packed into", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "the archive has not one entry model.weights.h5")]
    [InlineData("model.weights.h5", "the archive has not one entry config.json")]
    public void Open_ArchiveThatLacksHalf_SaysWhich(string there, string complaint)
    {
        var path = _folder["half.keras"];
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var entry = new StreamWriter(archive.CreateEntry(there).Open());
            entry.Write("""{"class_name":"Sequential","config":{"layers":[]}}""");
        }

        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(path));

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    private static void ReadAll(string path)
    {
        using var file = WeightsFile.Open(path);
        foreach (var tensor in file.Tensors)
            tensor.Read();
    }

    private async Task<string> Make(string which)
    {
        await PythonFactAttribute.RunAsync(Script, which, _folder["made.h5"]);
        return _folder["made.h5"];
    }
}
