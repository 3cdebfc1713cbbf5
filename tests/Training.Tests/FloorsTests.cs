using System.Reflection;
using Saccade.TestSupport;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests;

/// <summary>The order of the training tool's folders.</summary>
public sealed class FloorsTests
{
    private const string Root = "Saccade.Training";

    // From the ground up. The root itself holds what every folder may use: files written whole, random streams, libtorch's set-up.
    private static readonly string[] Order =
    [
        "",
        "Networks.Variants",
        "Networks.Layers",
        "Networks",
        "Modules",
        "Recipes",
        "Data",
        "Checkpoints",
        "Evaluation",
        "Loop",
        "Weights",
        "Weights.Torch",
        "Weights.Keras",
        "Onnx.Schema",
        "Onnx",
        "Onnx.Quantisation",
        "Bundles",
        "Serving",
        "Import",
        "Tuning",
        "Prediction",
        "Experiments",
        "Commands.Options",
        "Commands.Describe",
        "Commands.Evaluate",
        "Commands.Export",
        "Commands.Predict",
        "Commands.Train",
        "Commands",
    ];

    private static string[][] OneFolderEach(IEnumerable<string> folders) => [.. folders.Select(folder => new[] { folder })];

    private static Assembly Tool => typeof(RunRecord).Assembly;

    [Fact]
    public void Types_OfEveryFolder_UseNothingAboveThem() => Assert.Empty(new Floors(Root, OneFolderEach(Order)).Violations(Tool));

    [Fact]
    public void Violations_OrderThatDoesNotHold_AreFound()
    {
        var found = new Floors(Root, OneFolderEach([.. Order.Where(floor => floor != "Data"), "Data"])).Violations(Tool);

        Assert.Contains($"{typeof(RunData)} uses {typeof(DataSet)}, which is above it.", found);
    }
}
