using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        public Generator(ulong seed = 0, Device? device = null) : this(Native.NewGenerator((long)seed))
        {
        }

        internal Generator(nint handle) => Handle = handle;

        ~Generator() => Dispose(false);

        public nint Handle { get; private set; }

        /// <summary>The generator that operators use when they are given none.</summary>
        public static Generator Default => new(Native.DefaultGenerator());

        public Generator manual_seed(long seed)
        {
            Native.SeedGenerator(Handle, seed);
            return this;
        }

        /// <returns>The whole state, as a byte tensor.</returns>
        public Tensor get_state() => new(Native.Check(Native.GeneratorState(Handle)));

        public void set_state(Tensor value)
        {
            Native.Check(Native.SetGeneratorState(Handle, value.Handle));
            GC.KeepAlive(value);
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
