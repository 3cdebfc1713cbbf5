using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.GradEnabled() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static class autograd
    {
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false)
        {
            var roots = Handles(tensors);
            var seeds = grad_tensors is null ? null : Handles(grad_tensors);
            fixed (nint* rootsAt = roots, seedsAt = seeds)
                Native.Check(Native.Backward(rootsAt, roots.Length, seedsAt, (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0));
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
        }

        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var roots = Handles(outputs);
            var leaves = Handles(inputs);
            var seeds = grad_outputs is null ? null : Handles(grad_outputs);
            var results = new nint[leaves.Length];
            fixed (nint* rootsAt = roots, leavesAt = leaves, seedsAt = seeds, resultsAt = results)
            {
                Native.Check(Native.Gradients(
                    rootsAt, roots.Length, leavesAt, leaves.Length, seedsAt,
                    retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, resultsAt));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, handle => new Tensor(handle));
        }

        private static nint[] Handles(IList<Tensor> tensors) => [.. tensors.Select(tensor => tensor.Handle)];
    }

    private sealed class GradMode : IDisposable
    {
        private readonly int _previous = Native.GradEnabled();

        internal GradMode(bool enabled) => Native.SetGradEnabled(enabled ? 1 : 0);

        public void Dispose() => Native.SetGradEnabled(_previous);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = Native.EnterInference(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_guard != 0) Native.LeaveInference(_guard);
            _guard = 0;
        }
    }
}
