using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Detach = new("detach");

        public bool requires_grad
        {
            get => Kept(Native.RequiresGrad(Handle) != 0);
            set => Native.Check(Kept(Native.SetRequiresGrad(Handle, value ? 1 : 0)));
        }

        /// <summary>The accumulated gradient, as a new handle; null before the first backward pass.</summary>
        public Tensor? grad
        {
            get => Kept(Native.Grad(Handle)) is var found and not 0 ? new Tensor(found) : null;
            set
            {
                Native.Check(Kept(Native.SetGrad(Handle, value?.Handle ?? 0)));
                GC.KeepAlive(value);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor detach() => Detach.Call(this);

        /// <summary>Adds the gradient of this scalar to <see cref="grad"/> of every leaf that it was computed from.</summary>
        public void backward() => Native.Check(Kept(Native.Backward(Handle)));
    }
}
