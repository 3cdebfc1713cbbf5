using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Named parameters and buffers, in the order of registration, and the mode they are used in.</summary>
        public class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffers = new(StringComparer.Ordinal);

            protected Module(string name)
            {
            }

            public virtual bool training { get; private set; } = true;

            public virtual void train(bool train = true) => training = train;

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in _parameters.Values)
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else grad.zero_();
                }
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                _parameters.Select(entry => (entry.Key, entry.Value));

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                _buffers.Where(entry => include_nonpersistent || entry.Value.Persistent).Select(entry => (entry.Key, entry.Value.Tensor));

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => _parameters.Values;

            /// <summary>The parameters, then the persistent buffers: the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict()
            {
                var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
                foreach (var (name, parameter) in _parameters) state.Add(name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) state.TryAdd(name, buffer);
                return state;
            }

            public virtual Parameter? get_parameter(string target) => _parameters.GetValueOrDefault(target);

            public virtual Tensor? get_buffer(string target) => _buffers.TryGetValue(target, out var buffer) ? buffer.Tensor : null;

            public virtual void register_parameter(string name, Parameter param)
            {
                if (!_parameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (!_buffers.TryAdd(name, (tensor, persistent))) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var (buffer, _) in _buffers.Values) buffer.Dispose();
                foreach (var parameter in _parameters.Values) parameter.Dispose();
            }
        }

        /// <summary>A module that maps one value to another.</summary>
        public abstract class Module<T, TResult> : Module
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
