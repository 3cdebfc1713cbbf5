using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0, Mean = 1, Sum = 2,
        }

        public static class functional
        {
            private static readonly Op Conv2D = new("conv2d"), BatchNorm = new("batch_norm"), Linear = new("linear");
            private static readonly Op Dropout = new("dropout"), DropoutInPlace = new("dropout_"), CrossEntropy = new("cross_entropy_loss");
            private static readonly Op MaxPool = new("max_pool2d"), AvgPool = new("avg_pool2d"), AvgPool3D = new("avg_pool3d");
            private static readonly Op AdaptiveAvgPool = new("adaptive_avg_pool2d");
            private static readonly Op Pad = new("constant_pad_nd"), Div = new("div.Tensor"), Relu = new("relu"), Softmax = new("softmax.int");
            private static readonly Op Elu = new("elu"), EluInPlace = new("elu_");
            private static readonly long[] Zero = [0], One = [1];

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1) =>
                Conv2D.Call(input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Linear.Call(input, weights, bias);

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-5)
            {
                const bool CudnnAllowed = true; // The schema has no default for it; on a CPU it means nothing.
                return BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, CudnnAllowed);
            }

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : Relu.Call(x);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                (inplace ? EluInPlace : Elu).Call(x, alpha, 1.0, 1.0);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode == PaddingModes.Constant ? Pad.Call(input, pad, value) : throw new NotSupportedException($"padding {mode}");

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? DropoutInPlace : Dropout).Call(input, p, training);

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                bool ceil_mode = false) =>
                MaxPool.Call(input, kernel_size, strides ?? kernel_size, padding ?? Zero, dilation ?? One, ceil_mode);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true) =>
                AvgPool.Call(input, kernel_size, stride ?? kernel_size, padding ?? Zero, ceil_mode, count_include_pad);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => AdaptiveAvgPool.Call(input, output_size);

            /// <summary>x / (k + alpha · mean over <paramref name="size"/> neighbouring channels of x²)^beta, for (N, C, H, W).</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0)
            {
                if (input.ndim != 4)
                    throw new ArgumentException($"Invalid number of dimensions for LocalResponseNorm argument: {input.ndim}");
                var shape = input.shape;
                long[] aroundChannels = [0, 0, 0, 0, size / 2, (size - 1) / 2];
                long[] window = [size, 1, 1];
                using var scope = NewDisposeScope();
                var squares = Pad.Call(input.mul(input).view(shape[0], 1, shape[1], shape[2], shape[3]), aroundChannels, 0.0);
                var mean = AvgPool3D.Call(squares, window, One).view(shape);
                return Div.Call(input, mean.mul(alpha).add(k).pow(beta)).MoveToOuterDisposeScope();
            }

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Softmax.Call(input, dim, dtype);

            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                CrossEntropy.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);
        }
    }
}
