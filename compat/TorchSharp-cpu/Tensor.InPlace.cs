using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Every member changes this tensor and returns it.
    public partial class Tensor
    {
        private static readonly Op AddTensorTo = new("add_.Tensor"), AddScalarTo = new("add_.Scalar"), MulBy = new("mul_.Scalar");
        private static readonly Op LerpTo = new("lerp_.Tensor"), CopyTo = new("copy_");
        private static readonly Op Zero = new("zero_"), Fill = new("fill_.Scalar"), ReluOf = new("relu_");
        private static readonly Op Normal = new("normal_"), Uniform = new("uniform_"), ErfInv = new("erfinv_");

        public Tensor add_(Tensor target) => Change(AddTensorTo, this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Change(AddTensorTo, this, target, alpha);

        public Tensor add_(Scalar scalar) => Change(AddScalarTo, this, scalar);

        public Tensor mul_(Scalar target) => Change(MulBy, this, target);

        public Tensor lerp_(Tensor end, Tensor weight) => Change(LerpTo, this, end, weight);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Change(CopyTo, this, source, nonBlocking);

        public Tensor zero_() => Change(Zero, this);

        public Tensor fill_(Scalar value) => Change(Fill, this, value);

        internal Tensor relu_() => Change(ReluOf, this);

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => Change(Normal, this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) => Change(Uniform, this, from, to, generator);

        public Tensor erfinv_() => Change(ErfInv, this);

        private Tensor Change(Op op, params ReadOnlySpan<Value> values)
        {
            op.Run(values);
            return this;
        }
    }
}
