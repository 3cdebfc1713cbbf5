namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor is to live. It is here for the signatures alone: all tensors live on the CPU.</summary>
    public class Device
    {
        private Device()
        {
        }
    }
}
