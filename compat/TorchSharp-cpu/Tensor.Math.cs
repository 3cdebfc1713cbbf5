using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op AddTensor = new("add.Tensor"), AddScalar = new("add.Scalar");
        private static readonly Op MulTensor = new("mul.Tensor"), MulScalar = new("mul.Scalar");
        private static readonly Op Pow = new("pow.Tensor_Scalar"), Abs = new("abs");
        private static readonly Op Sum = new("sum"), Mean = new("mean"), MeanOver = new("mean.dim"), Max = new("max");
        private static readonly Op Norm = new("norm.Scalar"), Permute = new("permute"), EmptyLike = new("empty_like");
        private static readonly Op Reshape = new("reshape"), View = new("view"), Flatten = new("flatten.using_ints");

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public Tensor add(Tensor target) => AddTensor.Call(this, target);

        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => AddScalar.Call(this, scalar);

        public Tensor mul(Tensor target) => MulTensor.Call(this, target);

        public Tensor mul(Scalar target) => MulScalar.Call(this, target);

        public Tensor pow(Scalar exponent) => Pow.Call(this, exponent);

        public Tensor abs() => Abs.Call(this);

        public Tensor sum(ScalarType? type = null) => Sum.Call(this, type);

        public Tensor mean() => Mean.Call(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            MeanOver.Call(this, dimensions, keepdim, type);

        public Tensor max() => Max.Call(this);

        public Tensor norm(float p = 2.0f) => Norm.Call(this, (Scalar)p);

        public Tensor permute(params long[] permutation) => Permute.Call(this, permutation);

        /// <summary>A tensor of this one's shape, type and memory order, whose values are whatever its memory held.</summary>
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            EmptyLike.Call(this, dtype).requires_grad_(requires_grad);

        public Tensor reshape(params long[] shape) => Reshape.Call(this, shape);

        public Tensor view(params long[] shape) => View.Call(this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Flatten.Call(this, start_dim, end_dim);
    }
}
