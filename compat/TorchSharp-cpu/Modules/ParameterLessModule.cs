using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A module without state.</summary>
public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>
{
    protected ParameterLessModule(string name) : base(name)
    {
    }

    // Its fields are settings: nothing to find by reflection.
    protected override void RegisterComponents()
    {
    }
}
