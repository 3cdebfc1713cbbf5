using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Reshape = new("reshape"), View = new("view"), Flatten = new("flatten.using_ints");
        private static readonly Op Unsqueeze = new("unsqueeze"), Squeeze = new("squeeze"), SqueezeDim = new("squeeze.dim");
        private static readonly Op Flip = new("flip"), Permute = new("permute"), Transpose = new("transpose.int");
        private static readonly Op Expand = new("expand"), Repeat = new("repeat"), Roll = new("roll");
        private static readonly Op Narrow = new("narrow"), Select = new("select.int"), Slice = new("slice.Tensor");
        private static readonly Op IndexSelect = new("index_select"), Gather = new("gather");

        public Tensor reshape(params long[] shape) => Reshape.Call(this, shape);
        public Tensor view(params long[] shape) => View.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Flatten.Call(this, start_dim, end_dim);
        public Tensor unsqueeze(long dim) => Unsqueeze.Call(this, dim);
        public Tensor squeeze(long? dim = null) => dim is { } only ? SqueezeDim.Call(this, only) : Squeeze.Call(this);
        public Tensor flip(params long[] dims) => Flip.Call(this, dims);
        public Tensor permute(params long[] permutation) => Permute.Call(this, permutation);
        public Tensor transpose(long dim0, long dim1) => Transpose.Call(this, dim0, dim1);
        public Tensor expand(params long[] sizes) => Expand.Call(this, sizes);
        public Tensor repeat(params long[] sizes) => Repeat.Call(this, sizes);
        public Tensor roll(long[] shifts, long[] dims) => Roll.Call(this, shifts, dims);
        public Tensor narrow(long dim, long start, long length) => Narrow.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => Select.Call(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Slice.Call(this, dim, start, finish, step);
        public Tensor index_select(long dim, Tensor index) => IndexSelect.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => Gather.Call(this, dim, index);
    }
}
