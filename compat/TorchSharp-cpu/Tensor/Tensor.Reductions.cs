using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Sum = new("sum"), SumOver = new("sum.dim_IntList");
        private static readonly Op Mean = new("mean"), MeanOver = new("mean.dim");
        private static readonly Op Max = new("max"), MaxOver = new("max.dim"), Min = new("min"), ArgMax = new("argmax");
        private static readonly Op Norm = new("norm.Scalar"), All = new("all"), Any = new("any");
        private static readonly Op IsFinite = new("isfinite"), TopK = new("topk");
        private static readonly Op EqTensor = new("eq.Tensor"), EqScalar = new("eq.Scalar"), NeTensor = new("ne.Tensor");
        private static readonly Op GtTensor = new("gt.Tensor"), GtScalar = new("gt.Scalar");
        private static readonly Op LtTensor = new("lt.Tensor"), LtScalar = new("lt.Scalar");
        private static readonly Op GeScalar = new("ge.Scalar"), LeScalar = new("le.Scalar");
        private static readonly Op Where = new("where.self");

        public Tensor sum(ScalarType? type = null) => Sum.Call(this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => SumOver.Call(this, dim, keepdim, type);
        public Tensor mean() => Mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            MeanOver.Call(this, dimensions, keepdim, type);
        public Tensor max() => Max.Call(this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => MaxOver.CallPair(this, dim, keepdim);
        public Tensor min() => Min.Call(this);
        public Tensor argmax() => ArgMax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => ArgMax.Call(this, dim, keepdim);
        public Tensor norm(float p = 2.0f) => Norm.Call(this, (double)p);
        public Tensor all() => All.Call(this);
        public Tensor any() => Any.Call(this);
        public Tensor isfinite() => IsFinite.Call(this);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            TopK.CallPair(this, (long)k, (long)dim, largest, sorted);

        public Tensor eq(Tensor target) => EqTensor.Call(this, target);
        public Tensor eq(Scalar target) => EqScalar.Call(this, target);
        public Tensor ne(Tensor target) => NeTensor.Call(this, target);
        public Tensor gt(Tensor target) => GtTensor.Call(this, target);
        public Tensor gt(Scalar target) => GtScalar.Call(this, target);
        public Tensor lt(Tensor target) => LtTensor.Call(this, target);
        public Tensor lt(Scalar target) => LtScalar.Call(this, target);
        public Tensor ge(Scalar target) => GeScalar.Call(this, target);
        public Tensor le(Scalar target) => LeScalar.Call(this, target);
        public Tensor where(Tensor condition, Tensor y) => Where.Call(condition, this, y);
    }
}
