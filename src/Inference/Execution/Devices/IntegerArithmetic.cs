using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Saccade.Inference.Execution.Devices;

/// <summary>
/// Whether the processor has instructions for the sums of products of bytes that a network of 8-bit integers consists of.
/// </summary>
/// <param name="OnProcessor">
/// True with VNNI (x86) or the dot product extension (Arm). Without them ONNX Runtime takes longer over integers than over floats, or gains
/// little, and on x86 its sums of 16 bits may overflow, which changes answers.
/// </param>
internal sealed record IntegerArithmetic(bool OnProcessor)
{
    /// <summary>What this process runs on.</summary>
    public static IntegerArithmetic OfThisMachine { get; } = new(HasVnni() || Dp.IsSupported);

    /// <summary>Whether a device is better given integers than floats.</summary>
    /// <param name="provider">CPU or CUDA, which computes with the floats that the integers stand for.</param>
    public bool Suits(ExecutionProvider provider) => provider == ExecutionProvider.Cpu && OnProcessor;

    // Leaf 7 of CPUID says whether the processor has them, the runtime whether the operating system keeps the registers that they need.
    private static bool HasVnni()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            return false;

        var (most, _, ecx, _) = X86Base.CpuId(7, 0);
        var avx512 = (ecx & (1 << 11)) != 0 && Avx512F.IsSupported;
        var avx2 = most >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 4)) != 0 && Avx2.IsSupported;
        return avx512 || avx2;
    }
}
