using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op To = new("to.dtype"), Clone = new("clone"), Contiguous = new("contiguous");

        /// <summary>The elements. The type must be exactly the tensor's.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (ScalarTypeOf(typeof(T)) != dtype) throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            return new TensorAccessor<T>(this);
        }

        /// <summary>The one element of a tensor of one element.</summary>
        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>().ToArray()[0];
        }

        /// <summary>The memory of a contiguous tensor.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                var length = checked((int)(numel() * Kept(Native.ElementSize(Handle))));
                return length == 0 ? default : new Span<byte>((void*)Native.Check(Kept(Native.Data(Handle))), length);
            }
        }

        internal Tensor to_type(ScalarType type) => To.Call(this, type);

        public Tensor clone() => Clone.Call(this);

        public Tensor contiguous() => Contiguous.Call(this);
    }
}
