using System.Buffers;
using Saccade.Inference.Cropping;

namespace Saccade.Inference.Classification;

/// <summary>Rows of a network's input as a client sent them. A copy, since a request may end while one of its rows is being run.</summary>
internal sealed class TensorRows : ICropSource
{
    private readonly byte[] _data;
    private readonly int _rowBytes;

    /// <summary>Copies the rows.</summary>
    /// <param name="data">One row after another.</param>
    /// <param name="rowBytes">Bytes of one.</param>
    public TensorRows(ReadOnlySpan<byte> data, int rowBytes)
    {
        _data = ArrayPool<byte>.Shared.Rent(data.Length);
        _rowBytes = rowBytes;
        data.CopyTo(_data);
    }

    /// <inheritdoc/>
    public void Write(int crop, Span<byte> row) => _data.AsSpan(crop * _rowBytes, _rowBytes).CopyTo(row);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_data);
}
