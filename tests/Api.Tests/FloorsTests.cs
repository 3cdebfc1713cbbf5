using Saccade.Api.Bodies;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;

namespace Saccade.Api.Tests;

/// <summary>The folders of src/Api stand on floors: each uses what is below it only, so that any of them can be read without those
/// above.</summary>
public sealed class FloorsTests
{
    private const string Root = "Saccade.Api";

    // From the ground up; folders of one floor know nothing of each other. The root holds the log's messages.
    private static readonly string[][] Order =
    [
        [""],
        ["Configuration", "Contracts", "Requests"],
        ["Telemetry"],
        ["Errors"],
        ["Access"],
        ["Limits", "Shutdown"],
        ["Bodies"],
        ["Parameters"],
        ["OpenApi"],
        ["Endpoints", "Operations", "Page"],
        ["OpenInference"],
        ["OpenInference.Rpc"],
        ["Middleware", "Startup", "WarmUp"],
    ];

    [Fact]
    public void Types_OfEveryFolder_UseOnlyWhatIsBelowThem() => Assert.Empty(new Floors(Root, Order).Violations(typeof(Log).Assembly));

    [Fact]
    public void Violations_FoldersThatUseEachOther_AreFoundOnOneFloor()
    {
        // Parameters, which read requests within limits, on the floor of the limits.
        string[][] order =
        [
            .. Order
                .Where(static floor => !floor.Contains("Parameters"))
                .Select(floor => floor.Contains("Limits") ? [.. floor, "Parameters"] : floor),
        ];
        var found = new Floors(Root, order).Violations(typeof(Log).Assembly);
        Assert.Contains($"{typeof(ClassifyParameters)} uses {typeof(LimitsOptions)}, which is beside it.", found);
        Assert.DoesNotContain($"{typeof(MultipartImages)} uses {typeof(LimitsOptions)}, which is beside it.", found);
    }

    /// <summary>What the service may know of the engine.</summary>
    [Fact]
    public void Service_NeverSeesTheRuntime() =>
        Assert.DoesNotContain(
            typeof(Program).Assembly.GetReferencedAssemblies(),
            static assembly => assembly.Name!.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)
        );
}
