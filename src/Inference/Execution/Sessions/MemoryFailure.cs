namespace Saccade.Inference.Execution.Sessions;

/// <summary>
/// Tells a run that wanted more memory than there is from one that failed otherwise: the same crops in smaller batches may well succeed.
/// </summary>
internal static class MemoryFailure
{
    // What the runtime's arena, CUDA and the C++ library say. The runtime has no code of its own for it.
    private static readonly string[] Signs =
    [
        "Failed to allocate memory",
        "out of memory",
        "bad_alloc",
        "CUDNN_STATUS_ALLOC_FAILED",
        "CUBLAS_STATUS_ALLOC_FAILED",
    ];

    /// <summary>Whether memory ran out.</summary>
    public static bool Is(Exception error) =>
        error is OutOfMemoryException || Array.Exists(Signs, sign => error.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
