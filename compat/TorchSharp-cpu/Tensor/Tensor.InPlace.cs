using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Every member changes this tensor and returns it.
    public partial class Tensor
    {
        private static readonly Op AddTensorTo = new("add_.Tensor"), AddScalarTo = new("add_.Scalar");
        private static readonly Op SubTensorFrom = new("sub_.Tensor"), SubScalarFrom = new("sub_.Scalar");
        private static readonly Op MulByTensor = new("mul_.Tensor"), MulByScalar = new("mul_.Scalar");
        private static readonly Op DivByTensor = new("div_.Tensor"), DivByScalar = new("div_.Scalar");
        private static readonly Op AddDivTo = new("addcdiv_"), AddMulTo = new("addcmul_");
        private static readonly Op LerpTo = new("lerp_.Tensor"), SqrtOf = new("sqrt_"), ErfInv = new("erfinv_"), ClampTo = new("clamp_");
        private static readonly Op Zero = new("zero_"), Fill = new("fill_.Scalar"), ReluOf = new("relu_");
        private static readonly Op Normal = new("normal_"), Uniform = new("uniform_");

        public Tensor add_(Tensor target) => Change(AddTensorTo, this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Change(AddTensorTo, this, target, alpha);
        public Tensor add_(Scalar scalar) => Change(AddScalarTo, this, scalar);
        public Tensor sub_(Tensor target) => Change(SubTensorFrom, this, target);
        public Tensor sub_(Scalar target) => Change(SubScalarFrom, this, target);
        public Tensor mul_(Tensor target) => Change(MulByTensor, this, target);
        public Tensor mul_(Scalar target) => Change(MulByScalar, this, target);
        public Tensor div_(Tensor target) => Change(DivByTensor, this, target);
        public Tensor div_(Scalar target) => Change(DivByScalar, this, target);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Change(AddDivTo, this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Change(AddDivTo, this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Change(AddMulTo, this, tensor1, tensor2, value);
        public Tensor lerp_(Tensor end, Tensor weight) => Change(LerpTo, this, end, weight);
        public Tensor sqrt_() => Change(SqrtOf, this);
        public Tensor erfinv_() => Change(ErfInv, this);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Change(ClampTo, this, min, max);
        public Tensor zero_() => Change(Zero, this);
        public Tensor fill_(Scalar value) => Change(Fill, this, value);
        public Tensor relu_() => Change(ReluOf, this);

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => Change(Normal, this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) => Change(Uniform, this, from, to, generator);

        private Tensor Change(Op op, params ReadOnlySpan<Value> values)
        {
            op.Run(values);
            return this;
        }
    }
}
