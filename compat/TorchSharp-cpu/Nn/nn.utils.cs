using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            /// <summary>Scales all gradients so that their joint norm is at most <paramref name="max_norm"/>.</summary>
            /// <returns>The joint norm as it was.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var frozen = no_grad();
                using var scope = NewDisposeScope();
                var grads = tensors.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
                if (grads.Count == 0) return 0;
                var total = stack(grads.Select(grad => grad.norm((float)norm_type))).norm((float)norm_type);
                var scale = total.add(1e-6).reciprocal().mul(max_norm).clamp(max: 1.0);
                foreach (var grad in grads) grad.mul_(scale);
                return total.ToDouble();
            }
        }
    }
}
