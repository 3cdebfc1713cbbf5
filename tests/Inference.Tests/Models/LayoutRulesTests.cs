using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;

namespace Saccade.Inference.Tests.Models;

public sealed class LayoutRulesTests
{
    /// <summary>A softmax of one score would answer 1 to every image.</summary>
    [Fact]
    public void Combine_OneScore_IsRefusedWithWhatToDo()
    {
        var graph = new ModelGraph("x", InputType.Float32, [-1, 3, 28, 28], [new("y", [-1, 1])]);

        var error = Assert.Throws<InvalidDataException>(() => LayoutRules.Combine(graph, AssumedManifest.For(graph, GivenFields.None)));

        Assert.StartsWith("Output ", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"activation\": \"sigmoid\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Combine_TwoScores_AreLaidOut()
    {
        var graph = new ModelGraph("x", InputType.Float32, [-1, 3, 28, 28], [new("y", [-1, 2])]);

        Assert.Equal(2, LayoutRules.Combine(graph, AssumedManifest.For(graph, GivenFields.None)).Classes);
    }
}
