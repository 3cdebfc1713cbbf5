using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Xunit;

namespace Saccade.Training.Tests.Bundles;

/// <summary>The tour of docs/model-bundle.md: graphs with the names and shapes of each library's exports, made by torch.</summary>
public sealed class TourTests
{
    private const string Script = """
        import sys, torch

        class Net(torch.nn.Module):
            def __init__(self, nhwc, softmax):
                super().__init__()
                self.nhwc, self.softmax = nhwc, softmax
                self.conv, self.head = torch.nn.Conv2d(3, 4, 3), torch.nn.Linear(4, 5)

            def forward(self, x):
                x = x.permute(0, 3, 1, 2) if self.nhwc else x
                x = self.head(self.conv(x).relu().mean((2, 3)))
                return x.softmax(1) if self.softmax else x

        path, x, y, nhwc = sys.argv[1:5]
        nhwc = nhwc == "True"
        image = torch.zeros(1, 32, 32, 3) if nhwc else torch.zeros(1, 3, 32, 32)
        torch.onnx.export(Net(nhwc, nhwc).eval(), image, path, input_names=[x], output_names=[y],
                          dynamic_axes={x: {0: "N"}, y: {0: "N"}})
        """;

    [PythonTheory("torch")]
    [InlineData("input", "logits", InputLayout.Nchw, Activation.Softmax)] // torchvision, timm
    [InlineData("pixel_values", "logits", InputLayout.Nchw, Activation.Softmax)] // Hugging Face
    [InlineData("input_layer", "dense", InputLayout.Nhwc, Activation.None)] // Keras
    public async Task Init_AnExportOfTorch_IsUnderstood(string input, string output, InputLayout layout, Activation activation)
    {
        using var folder = new TempFolder();
        var network = folder["net.onnx"];
        await PythonFactAttribute.RunAsync(Script, network, input, output, layout == InputLayout.Nhwc ? "True" : "False");
        await File.WriteAllTextAsync(folder["config.json"], """{"id2label":{"0":"a","1":"b","2":"c","3":"d","4":"e"}}""");

        var bundle = BundleInit.Read(network, labels: null, folder["bundle"]);
        bundle.Write(force: false);

        var manifest = new BundleFolder(folder["bundle"]).Read().Manifest;
        Assert.Equal((input, output), (manifest.Input.Name, manifest.Output));
        Assert.Equal((layout, activation), (manifest.Input.Layout, manifest.Activation!.Value));
        Assert.Equal((32, 32), (manifest.Input.Height, manifest.Input.Width));
        Assert.Equal(["a", "b", "c", "d", "e"], manifest.Labels);
    }
}
