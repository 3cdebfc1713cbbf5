using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers.</summary>
    public class Generator : IDisposable
    {
        internal Generator(nint handle) => Handle = handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(Native.NewGenerator((long)seed))
        {
        }

        ~Generator() => Dispose(false);

        public nint Handle { get; private set; }

        public Generator manual_seed(long seed)
        {
            Native.SeedGenerator(Handle, seed);
            GC.KeepAlive(this);
            return this;
        }

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
