using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Torch;

/// <summary>The rules of ownership that the training loop rests on: the garbage collector does not see native memory.</summary>
public sealed class DisposeScopeTests
{
    [Fact]
    public void Dispose_TensorsMadeInside_AreFreed()
    {
        var scope = NewDisposeScope();
        var inside = zeros([2]);

        scope.Dispose();

        Assert.True(inside.IsInvalid);
    }

    [Fact]
    public void MoveToOuterDisposeScope_NestedScopes_OuterFrees()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var moved = zeros([2]).MoveToOuterDisposeScope();

        inner.Dispose();
        Assert.False(moved.IsInvalid);
        outer.Dispose();
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void DetachFromDisposeScope_ScopeEnds_TensorLives()
    {
        var scope = NewDisposeScope();
        using var kept = zeros([2]).DetachFromDisposeScope();

        scope.Dispose();

        Assert.Equal([0f, 0f], kept.data<float>().ToArray());
    }

    [Fact]
    public void MoveToOuterDisposeScope_NoOuterScope_TensorLives()
    {
        var scope = NewDisposeScope();
        using var kept = zeros([2]).MoveToOuterDisposeScope();

        scope.Dispose();

        Assert.False(kept.IsInvalid);
    }

    [Fact]
    public void Parameter_FromTensorInScope_TakesItsHandleAndItsPlace()
    {
        var scope = NewDisposeScope();
        var data = zeros([2]);
        var parameter = new Parameter(data);

        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.Equal(1, scope.DisposablesCount);
        scope.Dispose();
        Assert.True(parameter.IsInvalid);
    }

    [Fact]
    public void Dispose_OuterBeforeInner_NewTensorsGoToWhatIsLeft()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        outer.Dispose();

        var later = zeros([2]);
        inner.Dispose();

        Assert.True(later.IsInvalid);
        using var after = zeros([2]);
        Assert.False(after.IsInvalid);
    }
}
