using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace Saccade.Training.Modules;

/// <summary>
/// Keeps libtorch's convolutions right on virtual machines that hide an AMD processor's caches. There, CPUID leaf 0x8000001D is all zeros;
/// oneDNN 3.7 reads it as caches of one byte, splits the copies of padded weights by them, and computes wrong convolutions wherever a
/// channel count is no multiple of 16, without an error. The sizes are put right in oneDNN's own table; if that is not found, oneDNN is
/// switched off, which is slower but right (docs/decisions/0021).
/// </summary>
internal static unsafe partial class OneDnnCaches
{
    /// <summary>What <see cref="Settle"/> found and did.</summary>
    internal enum Outcome
    {
        /// <summary>This processor tells its caches.</summary>
        Sound,

        /// <summary>The sizes were wrong and are right now.</summary>
        Corrected,

        /// <summary>The sizes are wrong and could not be put right; oneDNN is not used.</summary>
        SwitchedOff,
    }

    private const int CacheLeaf = unchecked((int)0x8000001D);
    private const int LegacyL1Leaf = unchecked((int)0x80000005);
    private const int LegacyL2Leaf = unchecked((int)0x80000006);
    private const int Kibibyte = 1024;
    private const string Library = "libtorch_cpu.so";

    // Xbyak::util::Cpu, as oneDNN 3.7 has it: numCores[2], dataCacheSize[10], coresSharingDataCache[10], dataCacheLevels; 32 bits each.
    private const int Sizes = 2;
    private const int Sharing = 12;
    private const int Levels = 22;
    private const int Words = 23;

    private static readonly Lazy<Outcome> Done = new(SettleOnce);

    /// <summary>Sees to it once. To be called before the first convolution: oneDNN keeps what it has compiled.</summary>
    internal static Outcome Settle() => Done.Value;

    /// <summary>Where the only table of one-byte caches stands.</summary>
    /// <param name="words">Memory.</param>
    /// <returns>Index of the table's first word, or none; more than one is as good as none and counts all.</returns>
    internal static IEnumerable<int> TablesIn(ReadOnlySpan<int> words)
    {
        List<int> found = [];
        for (var i = 0; i + Words <= words.Length; i++)
        {
            if (
                words[i + Levels] == 3
                && words[i] > 0
                && words[i + 1] > 0
                && AreOnes(words[(i + Sizes)..])
                && AreOnes(words[(i + Sharing)..])
            )
                found.Add(i);
        }

        return found;
    }

    private static bool AreOnes(ReadOnlySpan<int> list) => list is [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, ..];

    private static Outcome SettleOnce()
    {
        if (!OperatingSystem.IsLinux() || !X86Base.IsSupported || !HidesCaches())
            return Outcome.Sound;

        // NNPACK, which libtorch takes for some small convolutions, does not start where it cannot ask for caches, and says so each time.
        SetUserEnabledNnpack(GlobalContext(), enabled: 0);

        // oneDNN fills its table at the first convolution. This one needs no padding, so that it is right whatever the table says.
        using (NewDisposeScope())
        using (no_grad())
            nn.functional.conv2d(ones(1, 16, 2, 2), ones(16, 16, 1, 1));

        if (Correct())
            return Outcome.Corrected;

        SetUserEnabledMkldnn(GlobalContext(), enabled: 0);
        Console.Error.WriteLine(
            "warning: this machine hides its caches, with which oneDNN computes wrong convolutions; training goes on without oneDNN, "
                + "several times slower."
        );
        return Outcome.SwitchedOff;
    }

    private static bool HidesCaches()
    {
        var (_, ebx, ecx, edx) = X86Base.CpuId(0, 0);
        var isAmd = (ebx, edx, ecx) == (0x68747541, 0x69746e65, 0x444d4163);
        return isAmd && X86Base.CpuId(CacheLeaf, 0) is { Ebx: 0, Ecx: 0 } && X86Base.CpuId(CacheLeaf, 2) is { Ebx: 0, Ecx: 0 };
    }

    private static bool Correct()
    {
        int* table = null;
        foreach (var (start, length) in WritableMemoryOf(Library))
        {
            var words = new Span<int>((void*)start, length / sizeof(int));
            foreach (var index in TablesIn(words))
            {
                if (table is not null)
                    return false;
                table = (int*)start + index;
            }
        }

        if (table is null)
            return false;

        // The legacy leaves still tell: L1 data in ECX's upper 8 bits, L2 in ECX's upper 16, both in KiB. L3 is told for the whole chip: a
        // core's share is a guess.
        table[Sizes] = (int)((uint)X86Base.CpuId(LegacyL1Leaf, 0).Ecx >> 24) * Kibibyte;
        table[Sizes + 1] = (int)((uint)X86Base.CpuId(LegacyL2Leaf, 0).Ecx >> 16) * Kibibyte;
        table[Sizes + 2] = 4 * Kibibyte * Kibibyte;
        return table[Sizes] > 0 && table[Sizes + 1] > 0;
    }

    /// <summary>The writable parts of a loaded library, and the zero-filled memory right behind them.</summary>
    private static IEnumerable<(nint Start, int Length)> WritableMemoryOf(string library)
    {
        nint end = 0;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            // 7f00-7f10 rw-p 00000000 fe:00 1234   /path
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var range = fields[0].Split('-');
            var start = nint.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var follows = fields.Length == 5 && start == end;
            if (!follows && !(fields.Length > 5 && fields[5].EndsWith(library, StringComparison.Ordinal)))
                continue;

            end = nint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (fields[1].StartsWith("rw", StringComparison.Ordinal))
                yield return (start, (int)(end - start));
        }
    }

    // TorchSharp has no switch for either; these are at::globalContext(), at::Context::setUserEnabledMkldnn(bool) and …NNPACK(bool).
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    private static partial nint GlobalContext();

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledMkldnnEb")]
    private static partial void SetUserEnabledMkldnn(nint context, byte enabled);

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledNNPACKEb")]
    private static partial void SetUserEnabledNnpack(nint context, byte enabled);
}
