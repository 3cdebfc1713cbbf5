using System.Runtime.InteropServices;

namespace Saccade.Inference.Tensors;

/// <summary>
/// Zeroed memory that the garbage collector neither moves nor counts, aligned to a cache line. Freed once, when it is disposed of or when
/// nobody knows it any more: a session that never comes back from a run leaves no owner for what it ran on.
/// </summary>
internal sealed unsafe class AlignedMemory : SafeHandle
{
    // A cache line, and the widest vector register.
    private const nuint Alignment = 64;

    private readonly bool _isPinned;

    /// <summary>Allocates.</summary>
    /// <param name="bytes">How much, at least 1.</param>
    /// <param name="pinned">Whether an accelerator copies from here, so that pinning pays.</param>
    public AlignedMemory(long bytes, bool pinned)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        var memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(memory, (nuint)bytes);
        SetHandle((nint)memory);
        _isPinned = pinned && PinnedMemory.TryPin((nint)memory, (nuint)bytes);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Where it is.</summary>
    /// <exception cref="ObjectDisposedException">It has been freed.</exception>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (_isPinned)
            PinnedMemory.Unpin(handle);
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
