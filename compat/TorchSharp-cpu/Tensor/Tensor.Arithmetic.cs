using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op AddTensor = new("add.Tensor"), AddScalar = new("add.Scalar");
        private static readonly Op SubTensor = new("sub.Tensor"), SubScalar = new("sub.Scalar");
        private static readonly Op MulTensor = new("mul.Tensor"), MulScalar = new("mul.Scalar");
        private static readonly Op DivTensor = new("div.Tensor"), DivScalar = new("div.Scalar");
        private static readonly Op PowScalar = new("pow.Tensor_Scalar");
        private static readonly Op Negative = new("neg"), Reciprocal = new("reciprocal");
        private static readonly Op Sqrt = new("sqrt"), Rsqrt = new("rsqrt"), Exp = new("exp"), Log = new("log"), Abs = new("abs");
        private static readonly Op Clamp = new("clamp"), Relu = new("relu"), MatMul = new("matmul");
        private static readonly Op Softmax = new("softmax.int"), LogSoftmax = new("log_softmax.int");

        public Tensor add(Tensor target) => AddTensor.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => AddScalar.Call(this, scalar);
        public Tensor sub(Tensor target) => SubTensor.Call(this, target);
        public Tensor sub(Scalar target) => SubScalar.Call(this, target);
        public Tensor mul(Tensor target) => MulTensor.Call(this, target);
        public Tensor mul(Scalar target) => MulScalar.Call(this, target);
        public Tensor div(Tensor target) => DivTensor.Call(this, target);
        public Tensor div(Scalar target) => DivScalar.Call(this, target);
        public Tensor pow(Scalar exponent) => PowScalar.Call(this, exponent);
        public Tensor square() => pow(2);
        public Tensor neg() => Negative.Call(this);
        public Tensor reciprocal() => Reciprocal.Call(this);
        public Tensor sqrt() => Sqrt.Call(this);
        public Tensor rsqrt() => Rsqrt.Call(this);
        public Tensor exp() => Exp.Call(this);
        public Tensor log() => Log.Call(this);
        public Tensor abs() => Abs.Call(this);
        public Tensor relu() => Relu.Call(this);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Clamp.Call(this, min, max);
        public Tensor matmul(Tensor target) => MatMul.Call(this, target);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Softmax.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => LogSoftmax.Call(this, dim, dtype);

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => right.neg().add(left);
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right) => right.reciprocal().mul(left);
        public static Tensor operator -(Tensor tensor) => tensor.neg();
    }
}
