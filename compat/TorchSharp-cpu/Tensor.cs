using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle to a libtorch tensor. Its memory is the native library's: dispose it, or use a <see cref="DisposeScope"/>.</summary>
    public partial class Tensor : IDisposable
    {
        private nint _handle;

        internal Tensor(nint handle, bool register = true)
        {
            _handle = handle;
            if (register) DisposeScopeManager.ThreadSingleton.CurrentDisposeScope?.Add(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        public ScalarType dtype => Kept((ScalarType)Native.Dtype(Handle));

        public long ndim => Kept(Native.Dimensions(Handle));

        public long numel() => Kept(Native.Count(Handle));

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* first = sizes) Native.Sizes(Handle, first);
                return Kept(sizes);
            }
        }

        public bool is_contiguous() => Kept(Native.IsContiguous(Handle) != 0);

        /// <summary>Another handle to the same tensor.</summary>
        public Tensor alias() => Kept(new Tensor(Native.Alias(Handle)));

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Remove(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0) return;
            if (disposing) OwningDisposeScope?.Remove(this);
            Native.Release(_handle);
            _handle = 0;
        }

        internal nint MoveHandle()
        {
            var moved = Handle;
            _handle = 0;
            return moved;
        }

        // As an instance call made after the native one, it keeps this object, and so the native tensor, alive until then.
        private T Kept<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }
    }
}
