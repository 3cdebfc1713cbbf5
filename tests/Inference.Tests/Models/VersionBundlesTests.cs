using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>A version of integers with floats inside, on processors that are quick and slow at integers.</summary>
public sealed class VersionBundlesTests : IDisposable
{
    private readonly TempModels _models = new();
    private readonly ConcurrentQueue<string> _opened = [];

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData(true, true, Precision.Int8, null)]
    [InlineData(true, false, Precision.Int8, null)]
    [InlineData(false, true, Precision.Fp32, 107)]
    [InlineData(false, false, Precision.Int8, 108)]
    public async Task Load_Integers_ServesWhatTheProcessorIsGoodAtAndSaysSo(bool quick, bool floats, Precision served, int? warning)
    {
        _models.Colors("colors", manifest: AsIntegers);
        if (floats)
            AddFloats();
        await using var engine = await StartAsync(quick);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Ready, served), (status.State, status.Manifest!.Precision));
        Assert.All(_opened, path => Assert.Equal(served == Precision.Fp32, path.Contains("/fp32/", StringComparison.Ordinal)));
        int[] said = warning is { } id ? [id] : [];
        Assert.Equal(said, engine.Logs.Entries.Where(entry => entry.Id.Id is 107 or 108).Select(entry => entry.Id.Id));
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(200, 10, 10)));
        Assert.Equal(("red", "1"), (answer.Predictions[0].Label, answer.Version));
    }

    [Fact]
    public async Task Load_FloatsWithAFolderOfThatName_NeverLooksInside()
    {
        _models.Colors("colors").Write("colors", "1/fp32", "model.onnx", "no network");
        await using var engine = await StartAsync(quick: false);

        Assert.Equal(ModelState.Ready, Assert.Single(engine.Catalog.List()).State);
    }

    [Theory]
    [InlineData("labels", "In the folder fp32: its labels are not those of the integers.")]
    [InlineData("precision", "In the folder fp32: its manifest says int8, too.")]
    [InlineData("manifest", "In the folder fp32: there is no complete manifest.json.")]
    [InlineData("network", "In the folder fp32: There is no model.onnx.")]
    [InlineData("sum", "In the folder fp32: model.onnx is not the file the manifest was written for")]
    public async Task Load_FloatsThatCannotStandIn_RefusedOnEveryMachine(string broken, string reason)
    {
        _models.Colors("colors", manifest: AsIntegers);
        AddFloats(
            broken switch
            {
                "labels" => OtherLabels,
                "precision" => AsIntegers,
                _ => text => text,
            }
        );
        var floats = Path.Combine(_models.Path, "colors", "1", "fp32");
        if (broken == "manifest")
            File.Delete(Path.Combine(floats, "manifest.json"));
        if (broken == "network")
            File.Delete(Path.Combine(floats, "model.onnx"));
        if (broken == "sum")
            File.AppendAllText(Path.Combine(floats, "model.onnx"), "x");
        await using var engine = await StartAsync(quick: true);

        Assert.StartsWith(reason, Assert.Single(engine.Catalog.List()).Error, StringComparison.Ordinal);
        Assert.Empty(_opened);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cpu, true, true)]
    [InlineData(ExecutionProvider.Cpu, false, false)]
    [InlineData(ExecutionProvider.Cuda, true, false)]
    public void Suits_Device_OnlyAProcessorWithTheInstructions(ExecutionProvider provider, bool onProcessor, bool suits) =>
        Assert.Equal(suits, new IntegerArithmetic(onProcessor).Suits(provider));

    [Fact]
    public void OfThisMachine_Linux_IsWhatTheKernelSays()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return;
        var flags = File.ReadLines("/proc/cpuinfo")
            .First(line => line.StartsWith("flags", StringComparison.Ordinal) || line.StartsWith("Features", StringComparison.Ordinal))
            .Split(' ');

        Assert.Equal(flags.Any(flag => flag is "avx512_vnni" or "avx_vnni" or "asimddp"), IntegerArithmetic.OfThisMachine.OnProcessor);
    }

    private void AddFloats(Func<string, string>? manifest = null) => _models.Colors("colors", "1/fp32", manifest);

    private static string AsIntegers(string text) => Changed(text, manifest => manifest["precision"] = "int8");

    private static string OtherLabels(string text) => Changed(text, manifest => manifest["labels"] = new JsonArray("red", "blue", "green"));

    private static string Changed(string text, Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(text)!.AsObject();
        change(manifest);
        return manifest.ToJsonString();
    }

    private Task<EngineHost> StartAsync(bool quick) =>
        EngineHost.StartLoadedAsync(
            _models.Settings,
            services =>
                services
                    .AddSingleton(new IntegerArithmetic(quick))
                    .AddSingleton<ModelSessionFactory>(
                        (path, spec) =>
                        {
                            _opened.Enqueue(path);
                            return new OnnxModelSession(path, spec);
                        }
                    )
        );
}
