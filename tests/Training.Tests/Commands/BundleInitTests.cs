using System.CommandLine;
using Saccade.Inference.Bundles;
using Saccade.Training.Commands;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class BundleInitTests
{
    private static string Model => Path.Combine(AppContext.BaseDirectory, "fixtures", "models", "colors", "1", "model.onnx");

    [Fact]
    public async Task Init_ANetworkAndLabels_WritesACompleteBundle()
    {
        using var folder = new TempFolder();
        var (network, labels) = (folder["net.onnx"], folder["names.txt"]);
        File.Copy(Model, network);
        await File.WriteAllTextAsync(labels, "rot\ngrün\nblau\n");

        Assert.Equal(0, await InvokeAsync(network, "--labels", labels, "--out", folder["bundle"]));

        var manifest = ManifestJson.Read(await File.ReadAllBytesAsync(folder["bundle", "manifest.json"]));
        Assert.Equal(["rot", "grün", "blau"], manifest.Labels);
        Assert.Equal((Activation.Softmax, "logits", 8), (manifest.Activation!.Value, manifest.Output, manifest.Input.Width));
        Assert.Equal(await File.ReadAllBytesAsync(network), await File.ReadAllBytesAsync(folder["bundle", "model.onnx"]));
        Assert.NotNull(manifest.Sha256);
    }

    [Fact]
    public async Task Init_AManifestIsThere_IsKeptUnlessForced()
    {
        using var folder = new TempFolder();
        var (network, manifest) = (folder["model.onnx"], folder["manifest.json"]);
        File.Copy(Model, network);
        await File.WriteAllTextAsync(manifest, """{"licence":"MIT"}""");

        var error = await Assert.ThrowsAsync<IOException>(() => InvokeAsync(network));
        Assert.Contains("--force", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"licence":"MIT"}""", await File.ReadAllTextAsync(manifest));

        Assert.Equal(0, await InvokeAsync(network, "--force"));
        var written = ManifestJson.Read(await File.ReadAllBytesAsync(manifest));
        Assert.Equal(("MIT", 3), (written.Licence, written.Labels.Count));
    }

    [Fact]
    public async Task Init_LabelsThatDoNotFit_WritesNothing()
    {
        using var folder = new TempFolder();
        var labels = folder["names.txt"];
        await File.WriteAllTextAsync(labels, "one\ntwo\n");

        await Assert.ThrowsAsync<InvalidDataException>(() => InvokeAsync(Model, "--labels", labels, "--out", folder["bundle"]));

        Assert.False(Directory.Exists(folder["bundle"]));
    }

    private static Task<int> InvokeAsync(params string[] arguments) =>
        BundleCommand
            .Create()
            .Parse(["init", .. arguments])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
