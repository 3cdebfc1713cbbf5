using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op IndexBy = new("index.Tensor"), IndexPut = new("index_put_");

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Array.ConvertAll(indices, position => TensorIndex.Single(position)));
            set => index_put_(value, Array.ConvertAll(indices, position => TensorIndex.Single(position)));
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>Slices first (views), then gathers by the index tensors, broadcast against each other.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, gathers) = Narrowed(indices);
            var result = gathers.Exists(tensor => tensor is not null) ? IndexBy.Call(view, Value.OptionalList([.. gathers])) : view.alias();
            return result.MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) =>
            index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, gathers) = Narrowed(indices);
            if (gathers.Exists(tensor => tensor is not null)) IndexPut.Run(view, Value.OptionalList([.. gathers]), value);
            else view.copy_(value);
            return this;
        }

        private (Tensor View, List<Tensor?> Gathers) Narrowed(TensorIndex[] indices)
        {
            var view = alias();
            var gathers = new List<Tensor?>();
            var dim = 0;
            foreach (var index in indices)
            {
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        view = view.select(dim, index.start!.Value);
                        break;
                    case TensorIndex.Kind.Slice:
                        view = Slice.Call(view, dim, Optional(index.start), Optional(index.stop), index.step ?? 1);
                        dim++;
                        break;
                    case TensorIndex.Kind.None:
                        view = view.unsqueeze(dim++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim += (int)ndim - indices.Count(other => other.kind is not (TensorIndex.Kind.Ellipsis or TensorIndex.Kind.None));
                        break;
                    case TensorIndex.Kind.Tensor:
                        while (gathers.Count < dim) gathers.Add(null);
                        gathers.Add(index.tensor);
                        dim++;
                        break;
                }
            }

            return (view, gathers);
        }

        private static Value Optional(long? value) => value is { } given ? given : Value.None;
    }
}
