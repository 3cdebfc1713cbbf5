using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle to a libtorch tensor. Its memory is the native library's: dispose it, or use a <see cref="DisposeScope"/>.</summary>
    public partial class Tensor : IDisposable
    {
        internal nint handle;

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            if (register) DisposeScopeManager.ThreadSingleton.CurrentDisposeScope?.Add(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => handle == 0;

        public Device device => CPU;

        public ScalarType dtype => (ScalarType)Native.Dtype(Handle);

        public long ndim => Native.Dimensions(Handle);

        public long Dimensions => ndim;

        public long dim() => ndim;

        public long NumberOfElements => Native.Count(Handle);

        public long numel() => NumberOfElements;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* first = sizes) Native.Sizes(Handle, first);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim) => shape[dim < 0 ? dim + (int)ndim : dim];

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* first = strides) Native.Strides(Handle, first);
            return strides;
        }

        public bool is_contiguous() => Native.IsContiguous(Handle) != 0;

        /// <summary>Another handle to the same tensor.</summary>
        public Tensor alias() => new(Native.Alias(Handle));

        public Tensor cpu() => alias();

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
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
            if (handle == 0) return;
            OwningDisposeScope?.MarkAsDisposed(this);
            Native.Release(handle);
            handle = 0;
        }

        internal nint MoveHandle()
        {
            var moved = handle;
            handle = 0;
            return moved;
        }

        public override string ToString() => $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
    }
}
