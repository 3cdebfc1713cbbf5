using System.Runtime.InteropServices;

namespace Saccade.Inference.Tensors;

/// <summary>Memory that the operating system may not move, from which CUDA copies at full speed and without a copy of its own.</summary>
internal static unsafe class PinnedMemory
{
    // cudaHostRegisterPortable: pinned for every device.
    private const uint Portable = 1;

    private static readonly string[] Names = ["libcudart.so.13", "libcudart.so.12", "libcudart.so"];
    private static readonly nint Runtime = Names
        .Select(name => NativeLibrary.TryLoad(name, out var found) ? found : 0)
        .FirstOrDefault(found => found != 0);
    private static readonly delegate* unmanaged<void*, nuint, uint, int> Register = (delegate* unmanaged<void*, nuint, uint, int>)Export(
        "cudaHostRegister"
    );
    private static readonly delegate* unmanaged<void*, int> Unregister = (delegate* unmanaged<void*, int>)Export("cudaHostUnregister");

    /// <summary>Pins memory; it must be unpinned before it is freed.</summary>
    /// <returns>False where there is no CUDA, or it refuses: the memory works all the same, only slower.</returns>
    public static bool TryPin(nint memory, nuint bytes) =>
        Register != null && Unregister != null && Register((void*)memory, bytes, Portable) == 0;

    /// <summary>Undoes <see cref="TryPin"/>.</summary>
    public static void Unpin(nint memory) => _ = Unregister((void*)memory);

    private static nint Export(string name) => Runtime != 0 && NativeLibrary.TryGetExport(Runtime, name, out var address) ? address : 0;
}
