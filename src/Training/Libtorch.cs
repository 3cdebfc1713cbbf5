using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Saccade.Training;

/// <summary>What must be settled before libtorch's native library is loaded, and what is said when it cannot be.</summary>
/// <remarks>
/// TorchSharp 0.107 hands a <c>Scalar</c>'s native memory to libtorch without holding the object. One that was made by implicit conversion
/// within a call may so be finalised before libtorch reads it: "Unknown scalar type", or another number (dotnet/TorchSharp#1434; seen after
/// 600 steps). Scalars are therefore named, and disposed after the call. The overloads that make one themselves are banned
/// (BannedSymbols.txt); <see cref="One"/> is what they leave to be said.
/// </remarks>
internal static partial class Libtorch
{
    /// <summary>
    /// OpenMP's threads otherwise spin between the short parallel regions of a small network and take the cores from the thread that feeds
    /// them. libgomp reads C's environment as it is loaded, which .NET's own setter does not reach.
    /// </summary>
    [ModuleInitializer]
    internal static void SettleThreads()
    {
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("GOMP_SPINCOUNT", "10000", overwrite: 0);
    }

    /// <summary>1, held for ever.</summary>
    internal static Scalar One { get; } = 1;

    /// <summary>The version that this build came with, such as 2.10.0.</summary>
    internal static string Version =>
        typeof(Libtorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == nameof(Libtorch)).Value!;

    /// <summary>Whether libtorch finds a CUDA device.</summary>
    internal static bool HasCuda => torch.cuda.is_available();

    /// <summary>One line about a native library that could not be loaded, or null where the exception is about something else.</summary>
    internal static string? LoadFailure(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException or NotSupportedException { Source: nameof(TorchSharp) })
            {
                return "libtorch could not be loaded; training needs Linux on x86-64 with glibc 2.28 and a build made on this machine or "
                    + "a newer one "
                    + $"({cause.Message})";
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
