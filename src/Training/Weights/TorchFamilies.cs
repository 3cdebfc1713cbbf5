using Saccade.Training.Networks;

namespace Saccade.Training.Weights;

/// <summary>The networks in the form that published torch weights were trained in.</summary>
internal static class TorchFamilies
{
    /// <summary>Builds one.</summary>
    /// <exception cref="NetworkException">There is no such network, or an option does not suit it.</exception>
    public static Network Build(string architecture, NetworkOptions options) => Architectures.Create(architecture, options);
}
