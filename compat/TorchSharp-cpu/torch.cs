using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The entry point of the library, named as in Python.</summary>
public static partial class torch
{
    private static readonly Op Cat = new("cat");

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Cat.Call(tensors.ToArray(), dim);

    /// <summary>Turns off the recording of gradients on this thread until disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static void set_num_threads(int num) => Native.Check(Native.SetNumThreads(num));

    public static class random
    {
        /// <summary>Seeds the generator that operators use when they are given none.</summary>
        public static Generator manual_seed(long seed)
        {
            Native.ManualSeed(seed);
            return new Generator(Native.DefaultGenerator());
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly int _previous = Native.GradEnabled();

        internal GradMode(bool enabled) => Native.SetGradEnabled(enabled ? 1 : 0);

        public void Dispose() => Native.SetGradEnabled(_previous);
    }
}
