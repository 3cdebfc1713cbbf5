using System.Reflection;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests;

/// <summary>The order of the engine's folders.</summary>
public sealed class FloorsTests
{
    private const string Root = "Saccade.Inference";

    // From the ground up. The root itself holds what a client of the engine sees first: the request, the outcome, the failures.
    private static readonly string[][] Order =
    [
        ["Bundles"],
        [""],
        ["Decoding"],
        ["Cropping"],
        ["Aggregation"],
        ["Tensors"],
        ["Scheduling"],
        ["Telemetry"],
        ["Execution"],
        ["Execution.Platform"],
        ["Execution.Devices"],
        ["Execution.Sessions"],
        ["Models"],
        ["Classification"],
    ];

    private static Assembly Engine => typeof(ClassifyRequest).Assembly;

    [Fact]
    public void Types_OfEveryFolder_UseNothingAboveThem() =>
        Assert.Empty(new Floors(Root, Order, nameof(InferenceServiceCollectionExtensions)).Violations(Engine));

    [Fact]
    public void Violations_OrderThatDoesNotHold_AreFound()
    {
        // Execution uses tensors in method bodies too, where no signature shows it.
        var found = new Floors(
            Root,
            [.. Order.Where(floor => floor[0] != "Tensors"), ["Tensors"]],
            nameof(InferenceServiceCollectionExtensions)
        ).Violations(Engine);

        Assert.Contains($"{typeof(PreferredBatch)} uses {typeof(CropTensors)}, which is above it.", found);
    }

    [Fact]
    public void Violations_FolderWithoutAFloor_IsFound() =>
        Assert.Contains(
            $"{typeof(CropTensors)} is on no floor.",
            new Floors(Root, [.. Order.Where(floor => floor[0] != "Tensors")], nameof(InferenceServiceCollectionExtensions)).Violations(
                Engine
            )
        );

    [Fact]
    public void Types_ThatUseTheRuntime_AreInternal()
    {
        Type[] users =
        [
            .. Engine
                .GetTypes()
                .Where(type => !type.IsNested && TypeReferences.Of(type).Any(used => used.Namespace == "Microsoft.ML.OnnxRuntime")),
        ];

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.False(user.IsVisible));
    }
}
