namespace TorchSharp;

/// <summary>Disposes the tensors made on its thread while it was the innermost scope, except those moved out or detached.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;
    private HashSet<torch.Tensor> _tensors = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    public int DisposablesCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(_manager is null, this);
            return _tensors.Count;
        }
    }

    internal DisposeScope? OuterScope { get; set; }

    public void Dispose()
    {
        if (_manager is null) return;
        var doomed = _tensors;
        _tensors = new HashSet<torch.Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var tensor in doomed) tensor.Dispose();
        _manager.RemoveDisposeScope(this);
        _manager = null;
    }

    internal void Add(torch.Tensor tensor)
    {
        _tensors.Add(tensor);
        tensor.OwningDisposeScope = this;
    }

    internal void Remove(torch.Tensor tensor)
    {
        _tensors.Remove(tensor);
        tensor.OwningDisposeScope = null;
    }

    internal void MoveToOuter(torch.Tensor tensor)
    {
        Remove(tensor);
        OuterScope?.Add(tensor);
    }

    internal void Replace(torch.Tensor original, torch.Tensor replacement)
    {
        Remove(original);
        Add(replacement);
    }
}
