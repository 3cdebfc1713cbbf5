using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers.</summary>
    public class Generator : IDisposable
    {
        internal Generator(nint handle) => Handle = handle;

        ~Generator() => Dispose(false);

        public nint Handle { get; private set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0) return;
            Native.ReleaseGenerator(Handle);
            Handle = 0;
        }
    }
}
