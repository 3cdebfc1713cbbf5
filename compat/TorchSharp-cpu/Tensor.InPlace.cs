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
        private static readonly Op Bernoulli = new("bernoulli_.float"), DivBy = new("div_.Scalar"), SubTensorFrom = new("sub_.Tensor");
        private static readonly Op SqrtOf = new("sqrt_"), AddProduct = new("addcmul_"), AddQuotient = new("addcdiv_");
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

        /// <summary>Every element becomes 1 with probability <paramref name="p"/>, else 0.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Change(Bernoulli, this, p, generator);

        public Tensor div_(Scalar target) => Change(DivBy, this, target);

        public Tensor sub_(Tensor target) => Change(SubTensorFrom, this, target);

        public Tensor sqrt_() => Change(SqrtOf, this);

        /// <summary>Adds value · tensor1 · tensor2.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Change(AddProduct, this, tensor1, tensor2, value);

        /// <summary>Adds value · tensor1 / tensor2.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Change(AddQuotient, this, tensor1, tensor2, value);

        private Tensor Change(Op op, params ReadOnlySpan<Value> values)
        {
            op.Run(values);
            return this;
        }
    }
}
