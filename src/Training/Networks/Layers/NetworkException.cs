namespace Saccade.Training.Networks.Layers;

/// <summary>A network that cannot be built or fed as asked. The message is one line that names the layer and the shapes, or the
/// option.</summary>
public sealed class NetworkException(string message) : Exception(message);
