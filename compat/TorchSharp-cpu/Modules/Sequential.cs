using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules applied one after another; each intermediate tensor is disposed as soon as the next is there.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.IModule<Tensor, Tensor>> _chain = [];

    protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules) append(name, module);
    }

    public int Count => _chain.Count;

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        register_module(name, (nn.Module)module);
        _chain.Add(module);
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module) =>
        append(_chain.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

    public override Tensor forward(Tensor tensor)
    {
        if (_chain.Count == 0) return tensor.alias();
        var result = _chain[0].call(tensor);
        foreach (var module in _chain.Skip(1))
        {
            var next = module.call(result);
            result.Dispose();
            result = next;
        }

        return result;
    }

    protected override void RegisterComponents()
    {
    }
}
