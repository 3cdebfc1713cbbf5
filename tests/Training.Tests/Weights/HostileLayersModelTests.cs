using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Import;
using Saccade.Training.Weights.Keras;
using Xunit;

namespace Saccade.Training.Tests.Weights;

/// <summary>Layers models from a stranger: refused in one line.</summary>
public sealed class HostileLayersModelTests : IDisposable
{
    private const string One = """{"paths":["s"],"weights":[{"name":"a/kernel","shape":[2],"dtype":"float32"}]}""";

    private const string Topology =
        """ "modelTopology":{"class_name":"Sequential","config":[{"class_name":"Dense","config":{"name":"a"}}]} """;

    private readonly TempFolder _folder = new();

    public HostileLayersModelTests() => File.WriteAllBytes(_folder["s"], [0, 0, 128, 63, 0, 0, 0, 64]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Sound_GivesItsValues()
    {
        using var file = Open($$"""{ {{Topology}},"weightsManifest":[{{One}}]}""");

        Assert.Equal([1, 2], Assert.Single(file.Tensors).Read());
        Assert.True(file.Keras!.IsDescribed);
    }

    [Theory]
    [InlineData("""{"dtype":"uint8","scale":0.5,"min":-1}""", 8, new[] { -1f, -1, 63, 30.5f, -1, -1, -1, 31 })]
    [InlineData("""{"dtype":"uint16","scale":0.5,"min":-1}""", 4, new[] { -1f, 8127, -1, 8191 })]
    [InlineData("""{"dtype":"float16"}""", 4, new[] { 0f, 1.875f, 0, 2 })]
    public void Open_Quantised_GivesWhatTheIntegersMean(string quantisation, int count, float[] expected)
    {
        File.WriteAllBytes(_folder["s"], [0, 0, 128, 63, 0, 0, 0, 64]);
        using var file = Open(
            $$$"""
            { {{{Topology}}},"weightsManifest":[{"paths":["s"],"weights":[
              {"name":"a/kernel","shape":[{{{count}}}],"dtype":"float32","quantization":{{{quantisation}}}}]}]}
            """
        );

        Assert.Equal(expected, Assert.Single(file.Tensors).Read());
    }

    [Theory]
    [InlineData("{", "no layers model")]
    [InlineData("{}", "no weightsManifest")]
    [InlineData("""{"weightsManifest":3}""", "no modelTopology")]
    [InlineData("""{"weightsManifest":[{"paths":["s"]}]}""", "no layers model")]
    [InlineData("""{"modelTopology":{"node":[]},"weightsManifest":[]}""", "graph model")]
    [InlineData("""{"weightsManifest":[{"paths":["none"],"weights":[]}]}""", "shard 'none' is missing")]
    [InlineData("""{"weightsManifest":[{"paths":["../s"],"weights":[]}]}""", "'../s' is no shard beside the file")]
    [InlineData("""{"weightsManifest":[{"paths":["/etc/passwd"],"weights":[]}]}""", "is no shard beside the file")]
    [InlineData("""{"weightsManifest":[{"paths":["http://host/s"],"weights":[]}]}""", "is no shard beside the file")]
    [InlineData("""{"weightsManifest":[{"paths":["s"],"weights":[]}]}""", "have 8 bytes, the weights need 0")]
    [InlineData(
        """{"weightsManifest":[{"paths":["s"],"weights":[{"name":"a","shape":[3],"dtype":"float32"}]}]}""",
        "end at byte 8, in the middle of 'a'"
    )]
    [InlineData("""{"weightsManifest":[{"paths":["s"],"weights":[{"name":"a","shape":[-2],"dtype":"float32"}]}]}""", "size of -2")]
    [InlineData(
        """{"weightsManifest":[{"paths":["s"],"weights":[{"name":"a","shape":[2000000000,2000000000],"dtype":"float32"}]}]}""",
        "larger than any"
    )]
    [InlineData("""{"weightsManifest":[{"paths":["s"],"weights":[{"name":"a","shape":[2],"dtype":"complex64"}]}]}""", "type 'complex64'")]
    [InlineData(
        """{"weightsManifest":[{"paths":["s"],"weights":[{"name":"a","shape":[8],"dtype":"float32","quantization":{"dtype":"uint8"}}]}]}""",
        "no layers model"
    )]
    public void Open_Broken_SaysWhy(string json, string complaint)
    {
        json = json.Replace("""{"weightsManifest":[""", $$"""{ {{Topology}},"weightsManifest":[""", StringComparison.Ordinal);

        var error = Assert.Throws<InvalidDataException>(() => Open(json));

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("""{"class_name":"Model","config":{"layers":[3],"output_layers":[["a",0,0]]}}""")]
    [InlineData("""{"class_name":"Model","config":{"layers":{"a":1}}}""")]
    [InlineData(
        """
            {"class_name":"Model","config":{"layers":[
              {"class_name":"Dense","config":{"name":"a"},"inbound_nodes":[[["b",0,0]],[["c",0,0]]]}]}}
            """
    )]
    [InlineData("""{"class_name":"Model","config":{"layers":[{"class_name":"Lambda","config":{"name":"a","function":"code"}}]}}""")]
    [InlineData(
        """
            {"class_name":"Model","config":{"layers":[
              {"class_name":"Dense","config":{"name":"a"}},{"class_name":"Dense","config":{"name":"a"}}]}}
            """
    )]
    [InlineData("""{"class_name":"Sequential","config":[{"class_name":"Dense"}]}""")]
    [InlineData("""{"class_name":"Sequential"}""")]
    public void Open_BrokenDescription_IsRefused(string topology) =>
        Assert.Throws<InvalidDataException>(() => Open($$"""{"modelTopology":{{topology}},"weightsManifest":[{{One}}]}"""));

    [Fact]
    public void Open_ModelsNestedSixtyDeep_AreRefusedOrReadWithoutRunningOutOfStack()
    {
        var topology =
            string.Concat(Enumerable.Repeat("""{"class_name":"Sequential","config":{"layers":[""", 60))
            + string.Concat(Enumerable.Repeat("]}}", 60));

        var error = Assert.Throws<InvalidDataException>(() => Open($$"""{"modelTopology":{{topology}},"weightsManifest":[]}"""));

        Assert.Contains("depth", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BytesChangedAnywhere_IsReadOrRefused()
    {
        var whole = $$$"""
            {"modelTopology":{"class_name":"Model","config":{"layers":[
              {"class_name":"InputLayer","name":"i","config":{"batch_input_shape":[null,8,8,3]}},
              {"class_name":"Dense","name":"a","config":{"units":2},"inbound_nodes":[[["i",0,0,{}]]]}],"output_layers":[["a",0,0]]}},
              "weightsManifest":[{{{One}}}]}
            """;
        Prop.ForAll<int, byte>(
                (at, value) =>
                {
                    var changed = System.Text.Encoding.UTF8.GetBytes(whole);
                    changed[(uint)(at * 7919) % (uint)changed.Length] = value;
                    File.WriteAllBytes(_folder["model.json"], changed);
                    try
                    {
                        using var file = WeightsFile.Open(_folder["model.json"]);
                        _ = file.Tensors.Select(tensor => tensor.Read()).ToArray();
                        _ = KerasImport.Import(file.Keras!, "xception", null, null);
                    }
                    catch (Exception error) when (error is InvalidDataException or Saccade.Training.Networks.Layers.NetworkException)
                    {
                        // The only refusals that callers know.
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private WeightsFile Open(string json)
    {
        File.WriteAllText(_folder["model.json"], json);
        return WeightsFile.Open(_folder["model.json"]);
    }
}
